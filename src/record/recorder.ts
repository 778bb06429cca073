/** @file Writes what workers tell into the run's folder and journal, files first. */
import { existsSync, readFileSync } from 'node:fs';
import type { TrialEvent } from '../execute/trial-event.ts';
import type { JournalRecord } from './journal-record.ts';
import { runPaths, writeWhole } from './run-folder.ts';

export const checkpointFile = 'checkpoint.bin';

type Untimed<Union> = Union extends unknown ? Omit<Union, 'time'> : never;

/** Each event, once, in the order in which it happened; `attempt` counts from 1. */
export function createRecorder(
  folder: string,
  append: (record: Untimed<JournalRecord>) => void,
  flush: () => void,
) {
  const paths = runPaths(folder);
  const appendAndFlush = (record: Untimed<JournalRecord>) => {
    append(record);
    flush();
  };
  return (event: TrialEvent, attempt = 1, isRetried = false): void => {
    const { number } = event;
    switch (event.type) {
      case 'progress':
        break;
      case 'started':
        append({ type: 'start', number, fromEpoch: event.fromEpoch });
        break;
      case 'epoch':
        append(event);
        break;
      case 'checkpoint':
        writeWhole(paths.trial(number, checkpointFile), event.bytes);
        append({ type: 'checkpoint', number, epoch: event.epoch });
        break;
      case 'finished': {
        // The record comes last: a trial counts as finished only when all its files are there.
        for (const [name, bytes] of Object.entries(event.files)) {
          writeWhole(paths.trial(number, name), bytes);
        }
        const { files: _, type: __, ...rest } = event;
        appendAndFlush({ ...rest, type: 'finish' });
        break;
      }
      case 'failed':
        appendAndFlush({ type: 'fail', number, reason: event.reason, attempt, isRetried });
        break;
      case 'interrupted':
        appendAndFlush({ type: 'interrupt', number, epoch: event.epoch });
        break;
      default:
        event satisfies never;
    }
  };
}

/** The last checkpoint of a trial, or null. */
export function readCheckpoint(folder: string, number: number): Uint8Array | null {
  const path = runPaths(folder).trial(number, checkpointFile);
  return existsSync(path) ? readFileSync(path) : null;
}
