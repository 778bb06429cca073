/** @file A worker process: loads TensorFlow once, holds the data, trains the trials it is sent. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type EnginePlan, loadEngine } from '../engine/index.ts';
import { failureOf } from './failure-words.ts';
import type { TrialEvent, TrialJob, WorkerReply, WorkerRequest } from './trial-event.ts';

const tell = (reply: WorkerReply) =>
  new Promise<void>((resolve) => {
    if (!process.connected) return resolve();
    process.send?.(reply, undefined, undefined, () => resolve());
  });

// Ctrl-C, and a batch system's SIGTERM, reach every process of the group: the runner decides what it means.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
// The runner is gone: what it does not record is trained again, so nothing is worth finishing.
process.on('disconnect', () => process.exit(0));

const plan: EnginePlan = JSON.parse(process.argv[2] ?? 'null');
const loaded = await loadEngine(plan);
if (!loaded.ok) {
  await tell({ type: 'unfit', reason: loaded.reason });
  process.exit(1);
}
// Imported here and not above: tfjs chooses its backend while it is imported.
const { trainTrial } = await import('./train-trial.ts');
const stops = new Set<number>();
setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
let collectedAt = performance.now();

async function train(job: TrialJob): Promise<void> {
  const report = (event: TrialEvent) => tell({ type: 'event', event });
  try {
    await trainTrial(job, { report, shouldStop: () => stops.has(job.number) });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    process.stderr.write(`trial ${job.number}: ${error.stack}\n`);
    await report({ type: 'failed', number: job.number, ...failureOf(error) });
  } finally {
    stops.delete(job.number);
    collectGarbage();
  }
}

/**
 * Between trials, every two seconds at most: V8 would rather let the heap of a process grow by 100
 * MB in a thousand small trials, though nothing is kept from one to the next.
 */
function collectGarbage(): void {
  if (performance.now() - collectedAt < 2000) return;
  collect();
  collectedAt = performance.now();
}

process.on('message', (request: WorkerRequest) => {
  if (request.type === 'train') void train(request.job);
  else stops.add(request.number);
});
await tell({ type: 'ready' });
