/**
 * @file The sweep as it is shipped, on 200 simulated workers: `trainSweep` asks, decides and records, an
 * executor that trains nothing answers. How long the runner's event loop is held, and what memory it keeps.
 * `node --import tsx test/bench/simulation/real-sweep.ts [--trials 10000] [--workers 200] [--method tpe]`
 */
import { parseArgs } from 'node:util';
import { catalog } from '../../../src/catalog.ts';
import type { TrialJob } from '../../../src/execute/trial-event.ts';
import type { Planner } from '../../../src/experiment-plan.ts';
import { planTrials } from '../../../src/plan/index.ts';
import { rng } from '../../../src/plan/random.ts';
import type { JournalRecord, NewRecord } from '../../../src/record/index.ts';
import { encodeRecord } from '../../../src/record/journal.ts';
import { parseSpec, renderProblems, sweepSpace } from '../../../src/spec/index.ts';
import type { ResolvedSpec } from '../../../src/spec/schema/experiment.ts';
import { applyRecord, openSweep, type Sweep } from '../../../src/sweep/sweep.ts';
import { trainSweep } from '../../../src/sweep/train-sweep.ts';
import { simulatedExecutor } from './simulated-executor.ts';

const { values: given } = parseArgs({
  options: {
    trials: { type: 'string', default: '10000' },
    workers: { type: 'string', default: '200' },
    method: { type: 'string', default: 'tpe' },
    pruner: { type: 'string', default: 'asha' },
    epochs: { type: 'string', default: '27' },
  },
});
const [trials, workers] = [Number(given.trials), Number(given.workers)];

const text = `
experiment: simulated
data: { source: none.csv, split: { train: 0.8, validation: 0.2 }, features: [{ columns: x, type: number }] }
shared: { layers: [{ dense: { units: 32, activation: relu } }] }
heads:
  ill: { target: ill, type: binary, metrics: [auc] }
  days: { target: days, type: regression, metrics: [mae] }
training: { epochs: ${given.epochs} }
sweep:
  method: ${given.method}
  budget: { trials: ${trials} }
  pruner: ${given.pruner}
  parameters:
    training.optimizer:
      - adam: { learningRate: { logUniform: [0.0001, 0.1] } }
      - momentum: { learningRate: { logUniform: [0.0001, 0.1] }, momentum: { uniform: [0, 0.99] } }
    heads.days.weight: { logUniform: [0.01, 10] }
    'shared.layers[0].dense.units': { int: { range: [8, 512], log: true } }
    training.batchSize: [16, 32, 64, 128, 256]
  objective: [{ metric: validation/ill/auc }]
`;

function resolved(): ResolvedSpec {
  const parsed = parseSpec({ text, file: 'simulated.yaml', catalog });
  if (!parsed.ok) throw new Error(renderProblems(parsed.problems));
  return parsed.spec;
}

/** Everything but the data, which are not there. */
function plannerOf(spec: ResolvedSpec): Planner {
  return {
    space: sweepSpace(spec, catalog),
    plan: async (choices) =>
      planTrials({ spec, fingerprint: () => 'none', engineFamily: 'none' }, choices),
    data: () => [],
    dataOf: () => 'none',
  };
}

const spec = resolved();
const planner = plannerOf(spec);
let number = 0;
const sweep: Sweep = await openSweep({
  ...{ spec, planner, engineFamily: 'none', records: [] },
  numberOf: () => ++number,
});
const { executor, advance } = simulatedExecutor(rng(1, 'simulation'), Number(given.epochs));
let [bytes, records, proposals] = [0, 0, 0];
const append = (record: NewRecord) => {
  const timed = { ...record, time: '2026-01-01T00:00:00.000Z' } as JournalRecord;
  bytes += encodeRecord(timed).length + 1;
  records += 1;
  if (record.type === 'choice') proposals += 1;
  applyRecord(sweep, timed);
};
globalThis.gc?.();
const before = process.memoryUsage().heapUsed;
let isOver = false;
const over = trainSweep({
  ...{ sweep, executor, jobs: workers, append, interrupted: new AbortController().signal },
  jobOf: (trial) => ({ number: trial.number }) as TrialJob,
  note: () => {},
  dropped: () => {},
  added: () => {},
  record(event, attempt, isRetried) {
    if (event.type === 'started') append({ type: 'start', number: event.number, fromEpoch: 0 });
    else if (event.type === 'epoch') append(event);
    else if (event.type === 'failed')
      append({ type: 'fail', number: event.number, reason: event.reason, attempt, isRetried });
    else if (event.type === 'interrupted')
      append({ type: 'interrupt', number: event.number, epoch: event.epoch });
    else if (event.type === 'finished') {
      const { files: _, type: __, ...rest } = event;
      append({ ...rest, type: 'finish' });
    }
  },
}).then(() => {
  isOver = true;
});
const begin = performance.now();
const turn = () => new Promise((resolve) => setImmediate(resolve));
await turn();
const opening = performance.now() - begin;
const decisions: number[] = [];
/** The longest turn, and what was proposed in it. */
let longest = { milliseconds: 0, proposals: 0 };
while (!isOver) {
  const before = performance.now();
  const proposed = proposals;
  advance();
  // The runner records, decides, proposes and hands over.
  await turn();
  const milliseconds = performance.now() - before;
  decisions.push(milliseconds);
  if (milliseconds > longest.milliseconds)
    longest = { milliseconds, proposals: proposals - proposed };
}
await over;
globalThis.gc?.();
const grown = process.memoryUsage().heapUsed - before;
const at = (values: readonly number[], share: number) =>
  [...values].sort((one, other) => one - other)[Math.floor(share * (values.length - 1))] ?? 0;
const stages = new Map<string, number>();
for (const { stage } of sweep.state.trials.values())
  stages.set(stage, (stages.get(stage) ?? 0) + 1);
const line = (name: string, values: readonly number[]) =>
  `${name}: median ${at(values, 0.5).toFixed(2)} ms, 99 of 100 below ${at(values, 0.99).toFixed(1)} ms, longest ${at(values, 1).toFixed(1)} ms`;
process.stdout.write(
  `${[
    `${trials} trials on ${workers} workers, ${given.method} and ${given.pruner}: ${((performance.now() - begin) / 1000).toFixed(1)} s`,
    [...stages].map(([stage, count]) => `${count} ${stage}`).join(', '),
    `the first trials for all workers: ${opening.toFixed(0)} ms`,
    line('an event, the decision and the proposals that follow', decisions),
    `above 50 ms: ${decisions.filter((each) => each > 50).length} of ${decisions.length}; proposals in the longest: ${longest.proposals}`,
    `memory kept: ${(grown / 1e6).toFixed(1)} MB, ${(grown / sweep.state.trials.size).toFixed(0)} bytes a trial`,
    `journal: ${records} records, ${(bytes / 1e6).toFixed(1)} MB`,
  ].join('\n')}\n`,
);
