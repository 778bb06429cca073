/**
 * @file Our samplers beside Optuna's on functions with known minima, and on problems with two objectives.
 *
 *     node --import tsx test/bench/optimisers/compare.ts [tpe gp nsga2 random sobol …]
 *
 * A sampler counts as at least as good when the lower end of the 90 % bootstrap interval of how
 * much better our median is lies above -2 % of the range. With one objective the least value is
 * compared and the range is the function's. As ranges are wide where a domain has steep edges, a
 * second column holds the same interval against a narrower scale: how far the median of random
 * points lies above the minimum. With two objectives the hypervolume is compared and the range is
 * the box from the reference point to the ideal; the narrower scale is what random search leaves
 * of the best trade-offs. Exit 1 when a row misses the first criterion.
 */
import { parseArgs } from 'node:util';
import type { SamplerKind } from '../../../src/plan/define-sampler.ts';
import { rng } from '../../../src/plan/random.ts';
import { type TestFunction, testFunctions } from '../../plan/samplers/functions.ts';
import { bestSoFar, volumesAt } from '../../plan/samplers/search.ts';
import { type FrontProblem, frontProblems } from '../../plan/samplers/two-objectives.ts';
import { figure, median } from '../statistics.ts';
import { load } from './load.ts';
import { readTraces, type Traces } from './traces.ts';
import { atLeastAsGood, type Interval, medianGain } from './verdict.ts';

/** Optuna's samplers that ours are measured against. */
const peersOf: Readonly<Record<string, readonly string[]>> = {
  tpe: ['tpe', 'tpeGroup', 'tpeIndependent'],
  gp: ['gp'],
  nsga2: [],
  random: ['random'],
  sobol: ['random'],
};
const frontPeersOf: Readonly<Record<string, readonly string[]>> = { nsga2: ['nsga2'] };
const budgets = [30, 100];

interface Row {
  readonly target: { readonly name: string; readonly range: number; readonly typical: number };
  readonly sampler: string;
  readonly peer: string;
  readonly trials: number;
  readonly theirs: readonly number[];
  readonly ours: readonly number[];
  readonly better: 'less' | 'more';
}

function rowsOf(sampler: SamplerKind, target: TestFunction, traces: Traces): readonly Row[] {
  const found = traces.traces[target.name] ?? {};
  const peers = (peersOf[sampler.name] ?? ['tpe', 'gp']).filter((peer) => found[peer]);
  if (peers.length === 0) return [];
  const most = Math.max(...budgets);
  const ours = Array.from({ length: traces.seeds }, (_, seed) =>
    bestSoFar({ sampler, target, seed, trials: most }),
  );
  return peers.flatMap((peer) =>
    budgets.map((trials) => ({
      target,
      sampler: sampler.name,
      peer,
      trials,
      theirs: (found[peer] ?? []).map((best) => best[traces.trials.indexOf(trials)] ?? Number.NaN),
      ours: ours.map((best) => best[trials - 1] ?? Number.NaN),
      better: 'less',
    })),
  );
}

function frontRowsOf(sampler: SamplerKind, problem: FrontProblem, traces: Traces): readonly Row[] {
  const { trials: marks, volumes } = traces.fronts;
  const found = volumes[problem.name] ?? {};
  const peers = (frontPeersOf[sampler.name] ?? []).filter((peer) => found[peer]);
  if (peers.length === 0) return [];
  const ours = Array.from({ length: traces.seeds }, (_, seed) =>
    volumesAt({ sampler, problem, seed, marks }),
  );
  const { name, typical, reference, ideal } = problem;
  const range = (reference[0] - ideal[0]) * (reference[1] - ideal[1]);
  return peers.flatMap((peer) =>
    marks.map((trials, place) => ({
      target: { name, range, typical },
      sampler: sampler.name,
      peer,
      trials,
      theirs: (found[peer] ?? []).map((volume) => volume[place] ?? Number.NaN),
      ours: ours.map((volume) => volume[place] ?? Number.NaN),
      better: 'more',
    })),
  );
}

const heads = [
  'function',
  'ours',
  "Optuna's",
  'trials',
  'their median',
  'our median',
  '90 % of range',
  '90 % of typical',
  'at least as good',
];

function cellsOf({ target, sampler, peer, trials, theirs, ours }: Row, gain: Interval) {
  const share = (scale: number) =>
    `${((100 * gain.low) / scale).toFixed(2)} … ${((100 * gain.high) / scale).toFixed(2)} %`;
  const verdict = atLeastAsGood(gain, target.range)
    ? atLeastAsGood(gain, target.typical)
      ? 'yes'
      : 'yes (by the range)'
    : 'no';
  const medians = [theirs, ours].map((values) => figure(median(values)));
  const scales = [share(target.range), share(target.typical)];
  return [target.name, sampler, peer, String(trials), ...medians, ...scales, verdict];
}

function gainOf({ target, sampler, peer, trials, theirs, ours, better }: Row): Interval {
  const stream = rng('bootstrap', sampler, peer, target.name, trials);
  return better === 'less' ? medianGain(theirs, ours, stream) : medianGain(ours, theirs, stream);
}

const { positionals } = parseArgs({ allowPositionals: true });
const traces = readTraces();
const line = (cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`);
console.log(`Optuna: ${traces.source}; ${traces.seeds} seeds\n`);
line(heads);
line(heads.map(() => '---'));
const print = (rows: readonly Row[]) => {
  for (const row of rows) {
    const gain = gainOf(row);
    line(cellsOf(row, gain));
    if (!atLeastAsGood(gain, row.target.range)) process.exitCode = 1;
  }
};
for (const name of positionals.length > 0 ? positionals : ['tpe']) {
  const sampler = await load(name);
  for (const target of testFunctions) print(rowsOf(sampler, target, traces));
  for (const problem of frontProblems) print(frontRowsOf(sampler, problem, traces));
}
