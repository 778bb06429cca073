/** @file The checkpoints in a run's folder, and which of them the journal vouches for. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { checkpointEpoch } from '../execute/checkpoint-epoch.ts';
import type { JournalRecord } from './journal-record.ts';
import { checkpointFile, runPaths } from './run-folder.ts';

/** The last checkpoint of a trial, or null. */
export function readCheckpoint(folder: string, number: number): Uint8Array | null {
  const path = runPaths(folder).trial(number, checkpointFile);
  return existsSync(path) ? readFileSync(path) : null;
}

/**
 * Removes checkpoints that know more than the journal: of a trial that it has not seen start (it was
 * deleted, and its numbers go to other trials), or of epochs that it lacks (its end was lost with
 * the power): going on from there would leave a hole in the trial's curve.
 */
export function dropForeignCheckpoints(folder: string, records: readonly JournalRecord[]): void {
  const paths = runPaths(folder);
  const trials = existsSync(paths.trials) ? readdirSync(paths.trials).map(Number) : [];
  const kept = trials.filter((number) => existsSync(paths.trial(number, checkpointFile)));
  if (kept.length === 0) return;
  const epochs = epochsOf(records, new Set(kept));
  for (const number of kept) {
    const path = paths.trial(number, checkpointFile);
    const epoch = checkpointEpoch(path);
    const known = epochs.get(number);
    if (!known || epoch === undefined || !hasAll(known, epoch)) rmSync(path);
  }
}

/** Of those of the trials that started. */
function epochsOf(
  records: readonly JournalRecord[],
  trials: ReadonlySet<number>,
): ReadonlyMap<number, ReadonlySet<number>> {
  const epochs = new Map<number, Set<number>>();
  for (const record of records) {
    if (record.type === 'epoch') epochs.get(record.number)?.add(record.epoch);
    else if (record.type === 'start' && trials.has(record.number))
      epochs.set(record.number, epochs.get(record.number) ?? new Set());
  }
  return epochs;
}

const hasAll = (epochs: ReadonlySet<number>, last: number) =>
  Array.from({ length: last }, (_, index) => index + 1).every((epoch) => epochs.has(epoch));
