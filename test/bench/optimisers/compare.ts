/**
 * @file Our samplers beside Optuna's on functions with known minima.
 *
 *     node --import tsx test/bench/optimisers/compare.ts [tpe gp random sobol …]
 *
 * A sampler counts as at least as good when the lower end of the 90 % bootstrap interval of (their
 * median best - our median best) lies above -2 % of the function's range. As ranges are wide where
 * a domain has steep edges, a second column holds the same interval against a narrower scale: how far
 * the median of random points lies above the minimum. Exit 1 when a row misses the first criterion.
 */
import { parseArgs } from 'node:util';
import type { SamplerKind } from '../../../src/plan/define-sampler.ts';
import { rng } from '../../../src/plan/random.ts';
import { type TestFunction, testFunctions } from '../../plan/samplers/functions.ts';
import { bestSoFar } from '../../plan/samplers/search.ts';
import { figure, median } from '../statistics.ts';
import { load } from './load.ts';
import { readTraces, type Traces } from './traces.ts';
import { atLeastAsGood, type Interval, medianGain } from './verdict.ts';

/** Optuna's samplers that ours are measured against. */
const peersOf: Readonly<Record<string, readonly string[]>> = {
  tpe: ['tpe', 'tpeGroup', 'tpeIndependent'],
  gp: ['gp'],
  random: ['random'],
  sobol: ['random'],
};
const budgets = [30, 100];

interface Row {
  readonly target: TestFunction;
  readonly sampler: string;
  readonly peer: string;
  readonly trials: number;
  readonly theirs: readonly number[];
  readonly ours: readonly number[];
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

const { positionals } = parseArgs({ allowPositionals: true });
const traces = readTraces();
const line = (cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`);
console.log(`Optuna: ${traces.source}; ${traces.seeds} seeds\n`);
line(heads);
line(heads.map(() => '---'));
for (const name of positionals.length > 0 ? positionals : ['tpe']) {
  const sampler = await load(name);
  for (const target of testFunctions) {
    for (const row of rowsOf(sampler, target, traces)) {
      const stream = rng('bootstrap', name, row.peer, target.name, row.trials);
      const gain = medianGain(row.theirs, row.ours, stream);
      line(cellsOf(row, gain));
      if (!atLeastAsGood(gain, target.range)) process.exitCode = 1;
    }
  }
}
