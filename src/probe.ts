/** @file Trains a trial for a moment, to learn how long its epochs take. Nothing of it is kept. */
import type { EnginePlan } from './engine/index.ts';
import { createLocalExecutor } from './execute/local-executor.ts';
import type { TrialEvent, TrialJob } from './execute/trial-event.ts';

const probeMilliseconds = 1500;

/** Seconds that one epoch takes with its validation; null where the trial fails. */
export async function probeEpoch(
  engine: EnginePlan,
  job: Omit<TrialJob, 'number' | 'checkpoint'>,
): Promise<number | null> {
  const executor = createLocalExecutor({ jobs: 1, engine, log: 'ignore', stallSeconds: 900 });
  const seen: { epoch: number; at: number }[] = [];
  let finished: number | null = null;
  const watch = (event: TrialEvent) => {
    const at = performance.now();
    if (event.type === 'progress' || event.type === 'epoch') seen.push({ epoch: event.epoch, at });
    if (event.type === 'finished') finished = event.seconds / event.epochs;
    const [first] = seen;
    if (first && at - first.at > probeMilliseconds) executor.stop(0, 'interrupt');
  };
  try {
    await executor.run({ ...job, number: 0, checkpoint: null }, watch);
  } finally {
    await executor.close();
  }
  const [first, last] = [seen[0], seen.at(-1)];
  if (finished !== null) return finished;
  if (!first || !last || last.epoch <= first.epoch) return null;
  return (last.at - first.at) / 1000 / (last.epoch - first.epoch);
}
