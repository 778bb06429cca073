/** @file Tree-structured Parzen estimator: looks where good points lie denser than bad ones. */
import { type Static, Type } from 'typebox';
import {
  type Dimension,
  isActive,
  type Point,
  type SearchSpace,
} from '../../spec/space/search-space.ts';
import { defineSampler, type Observation, type Proposal } from '../define-sampler.ts';
import type { RandomStream } from '../random.ts';
import { randomPoint } from './random.ts';
import { sobolPoint } from './sobol.ts';
import { type Cells, drawFrom, logAt, type Mixture, mixtureOf } from './tpe-mixture.ts';
import { bestOf, isScored } from './tpe-split.ts';
import { cellOf, coordinateAt } from './unit-interval.ts';

const options = Type.Object(
  {
    startupTrials: Type.Integer({
      description: 'Finished trials before it starts to learn; until then it draws Sobol points.',
      minimum: 1,
      default: 10,
    }),
    candidates: Type.Integer({
      description: 'Points drawn for each proposal, of which the most promising one is taken.',
      minimum: 1,
      default: 24,
    }),
    goodShare: Type.Number({
      description: 'Share of the trials that counts as good, 25 trials at most.',
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      default: 0.1,
    }),
    priorWeight: Type.Number({
      description: 'Weight of the whole space, as much as that many trials.',
      exclusiveMinimum: 0,
      default: 1,
    }),
    avoidPending: Type.Boolean({
      description: 'Whether points that are being trained count as bad ones until they have ended.',
      default: true,
    }),
  },
  { additionalProperties: false },
);
type Options = Static<typeof options>;

const mostGood = 25;
/** Trials that count in full; older ones count the less the older they are. */
const recent = 25;
/** Of more bad points than this every second, third, … is looked at: a proposal stays quick. */
const mostBad = 1000;

export const tpe = defineSampler({
  name: 'tpe',
  summary: 'Learns where good points lie denser than bad ones, and looks there.',
  reference: 'Bergstra et al. 2011, NeurIPS; Watanabe 2023, arXiv:2304.11127',
  options,
  usesHistory: true,
  ends: false,
  propose(request) {
    const scored = request.history.filter(isScored);
    if (scored.length < request.options.startupTrials) {
      return sobolPoint(request, { scramble: true });
    }
    const count = Math.min(mostGood, Math.ceil(request.options.goodShare * scored.length));
    return newPoint(request, bestOf(scored, count));
  },
});

/**
 * A choice that was trained before teaches nothing: where the best candidate is one, fewer
 * candidates let the next ones have their turn, and at last anything goes.
 */
function newPoint(request: Proposal<Options>, good: ReadonlySet<Observation>): Point {
  const { space, index, stream, history, pending } = request;
  const random = stream('tpe', index);
  const groups = groupsOf(space);
  const models = new Map<readonly Dimension[], Model>();
  const modelOf = (group: readonly Dimension[]) => {
    const model = models.get(group) ?? learn(group, request, good);
    models.set(group, model);
    return model;
  };
  const isNew = (point: Point) =>
    !history.some((each) => isSame(space, each.point, point)) &&
    !pending.some((each) => isSame(space, each, point));
  const { candidates } = request.options;
  const first = assemble(groups, modelOf, candidates, random);
  if (isNew(first)) return first;
  for (let count = candidates >> 1; count > 0; count >>= 1) {
    const point = assemble(groups, modelOf, count, random);
    if (isNew(point)) return point;
  }
  for (let round = 0; round < 100; round++) {
    const point = randomPoint({ space, index, stream: (...purpose) => stream(...purpose, round) });
    if (isNew(point)) return point;
  }
  return first;
}

/** Dimensions that are always there together: they are drawn jointly. */
function groupsOf({ dimensions }: SearchSpace): readonly (readonly Dimension[])[] {
  const groups = new Map<string, Dimension[]>();
  for (const dimension of dimensions) {
    const key = JSON.stringify(dimension.when);
    const group = groups.get(key);
    if (group) group.push(dimension);
    else groups.set(key, [dimension]);
  }
  return [...groups.values()];
}

/** What is known of a group of dimensions. */
interface Model {
  readonly good: Mixture;
  readonly bad: Mixture;
}

function learn(
  group: readonly Dimension[],
  { history, pending, options }: Proposal<Options>,
  isGood: ReadonlySet<Observation>,
): Model {
  const { avoidPending, priorWeight } = options;
  const name = group[0]?.name ?? '';
  const present = history.filter(({ point }) => name in point);
  const good = present.filter((each) => isGood.has(each)).map(({ point }) => point);
  const bad = present.filter((each) => !isGood.has(each)).map(({ point }) => point);
  const busy = avoidPending ? pending.filter((point) => name in point) : [];
  const mixture = (points: readonly Point[]) =>
    mixtureOf({
      distributions: group.map(({ distribution }) => distribution),
      points: points.map((point) => cellsOf(group, point)),
      weights: weightsOf(points.length),
      priorWeight,
    });
  return { good: mixture(good), bad: mixture(thinned([...bad, ...busy])) };
}

const cellsOf = (group: readonly Dimension[], point: Point): Cells =>
  group.map(({ name, distribution }) => cellOf(distribution, point[name] ?? Number.NaN));

/** Rising to 1 for the latest ones (Bergstra, Yamins, Cox 2013). */
const weightsOf = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => {
    const old = count - recent;
    return index >= old ? 1 : 1 / count + (1 - 1 / count) * (index / Math.max(1, old - 1));
  });

function thinned(points: readonly Point[]): readonly Point[] {
  const stride = Math.ceil(points.length / mostBad);
  return points.filter((_, index) => (points.length - 1 - index) % stride === 0);
}

/** Group by group, as the conditions of one speak of groups before it. */
function assemble(
  groups: readonly (readonly Dimension[])[],
  modelOf: (group: readonly Dimension[]) => Model,
  candidates: number,
  random: RandomStream,
): Point {
  const point: Record<string, number> = {};
  for (const group of groups) {
    if (group[0] && isActive(group[0], point)) {
      Object.assign(point, mostPromising(group, modelOf(group), candidates, random));
    }
  }
  return point;
}

/** The one of largest good / bad density among points drawn from the good ones. */
function mostPromising(
  group: readonly Dimension[],
  { good, bad }: Model,
  candidates: number,
  random: RandomStream,
): Point {
  let best: Point = {};
  let greatest = Number.NEGATIVE_INFINITY;
  for (let candidate = 0; candidate < candidates; candidate++) {
    const shares = drawFrom(good, random);
    const point = Object.fromEntries(
      group.map(({ name, distribution }, axis) => [
        name,
        coordinateAt(distribution, shares[axis] ?? Number.NaN),
      ]),
    );
    const cells = cellsOf(group, point);
    const promise = logAt(good, cells) - logAt(bad, cells);
    if (promise > greatest) {
      greatest = promise;
      best = point;
    }
  }
  return best;
}

const isSame = ({ dimensions }: SearchSpace, one: Point, other: Point) =>
  dimensions.every(({ name }) => one[name] === other[name]);
