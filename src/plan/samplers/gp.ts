/** @file Bayesian optimisation with a Gaussian process: few proposals, each of them thought over. */
import { Type } from 'typebox';
import { type Point, pointKey } from '../../spec/space/search-space.ts';
import { defineSampler, type Proposal } from '../define-sampler.ts';
import { acquire } from './gp/acquire.ts';
import { type Layout, layOut, rowOf } from './gp/features.ts';
import { fit } from './gp/fit.ts';
import { condition, type Process, predict, type Tried } from './gp/process.ts';
import {
  endedOf,
  failedOf,
  kept,
  medianOf,
  scalarised,
  standardised,
  type Target,
  withoutHopes,
} from './gp/targets.ts';
import { randomPoint } from './random.ts';
import { sobolPoint } from './sobol.ts';

interface Options {
  readonly startupTrials: number | null;
  readonly candidates: number;
}

const mostStartupTrials = 10;
/** More than these would make a proposal take seconds. */
const mostObservations = 300;
/** The kernel's hyperparameters are known well enough from so many. */
const mostToFit = 120;
/** Failed ones, and pending ones: the newest. */
const mostBelieved = 50;

export const gp = defineSampler({
  name: 'gp',
  summary:
    'Expected improvement under a Gaussian process: the fewest trials, but each proposal takes a moment. Uses 300 observations at most, the best and the newest.',
  reference:
    'Jones, Schonlau, Welch 1998; Snoek, Larochelle, Adams 2012, arXiv:1206.2944; Ament et al. 2023, arXiv:2310.20708; several objectives: Knowles 2006',
  short: 'startupTrials',
  options: Type.Object(
    {
      startupTrials: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
        description:
          'Points of a Sobol sequence before the process is asked; null: one more than there are dimensions, at most 10.',
        default: null,
      }),
      candidates: Type.Integer({
        description: 'Random points that the search for the most promising one starts from.',
        minimum: 10,
        default: 1000,
      }),
    },
    { additionalProperties: false },
  ),
  usesHistory: true,
  ends: false,
  propose(proposal) {
    const { index, history, stream } = proposal;
    const ended = endedOf(history);
    if (index < startupOf(proposal) || ended.length < 2) {
      return sobolPoint(proposal, { scramble: true });
    }
    const single = scalarised(ended, stream('gp', index, 'weights'));
    const targets = standardised(withoutHopes(kept(single, mostObservations)));
    return mostPromising(proposal, targets) ?? randomPoint(proposal);
  },
});

/**
 * As few as HEBO takes (Cowen-Rivers et al. 2022, arXiv:2012.03826): trials that the process
 * chooses are worth more than those of a larger first design (Bossek, Doerr, Kerschke 2020,
 * arXiv:2003.13826).
 */
const startupOf = ({ space, options }: Proposal<Options>) =>
  options.startupTrials ?? Math.min(mostStartupTrials, space.dimensions.length + 1);

function mostPromising(proposal: Proposal<Options>, targets: readonly Target[]): Point | null {
  const { space, index, history, pending, stream, options } = proposal;
  const layout = layOut(space);
  const kernel = fit(
    triedOf(layout, kept(targets, mostToFit)),
    layout.axes.length,
    2,
    stream('gp', index, 'fit'),
  );
  const process = condition(triedOf(layout, targets), kernel);
  if (!process) return null;
  const expected = targets
    .filter(({ whole }) => whole)
    .map(({ point }) => ({ point, mean: predict(process, rowOf(layout, point)).mean }))
    .sort((one, other) => one.mean - other.mean);
  const believed = [...targets, ...believers(layout, process, proposal, targets)];
  return acquire({
    layout,
    process: condition(triedOf(layout, believed), kernel) ?? process,
    best: expected[0]?.mean ?? 0,
    around: expected.slice(0, 3).map(({ point }) => point),
    taken: new Set([...history.map(({ point }) => point), ...pending].map(pointKey)),
    candidates: options.candidates,
    stream: stream('gp', index, 'candidates'),
  });
}

const triedOf = (layout: Layout, targets: readonly Target[]): Tried => ({
  columns: layout.columns,
  rows: targets.map(({ point }) => rowOf(layout, point)),
  values: Float64Array.from(targets, ({ value }) => value),
});

/**
 * Points without values: pending ones are taken to end as the process expects (kriging believer:
 * Ginsbourger, Le Riche, Carraro 2010), failed ones no better than the median, so that the search
 * does not come back to their neighbourhood for ever.
 */
function believers(
  layout: Layout,
  process: Process,
  { history, pending }: Proposal<Options>,
  targets: readonly Target[],
): readonly Target[] {
  const believe = (point: Point, least: number): Target => {
    const { mean } = predict(process, rowOf(layout, point));
    return { point, value: Math.max(least, mean), whole: false };
  };
  const middle = medianOf(targets.map(({ value }) => value));
  const failed = failedOf(history).slice(-mostBelieved);
  return [
    ...failed.map((point) => believe(point, middle)),
    ...pending.slice(-mostBelieved).map((point) => believe(point, Number.NEGATIVE_INFINITY)),
  ];
}
