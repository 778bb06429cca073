/** @file Writes what workers tell into the run's folder and journal, files first. */
import { existsSync, readFileSync } from 'node:fs';
import type { TrialEvent } from '../execute/trial-event.ts';
import type { Journal } from './journal.ts';
import type { JournalRecord } from './journal-record.ts';
import { runPaths, writeWhole } from './run-folder.ts';

export const checkpointFile = 'checkpoint.bin';

/** Each event, once, in the order in which it happened. */
export function createRecorder(folder: string, journal: Journal, now: () => Date) {
  const paths = runPaths(folder);
  return (event: TrialEvent): void => {
    const time = now().toISOString();
    const { number } = event;
    switch (event.type) {
      case 'progress':
        break;
      case 'started':
        journal.append({ type: 'start', time, number, fromEpoch: event.fromEpoch });
        break;
      case 'epoch':
        journal.append({ ...event, time });
        break;
      case 'checkpoint':
        writeWhole(paths.trial(number, checkpointFile), event.bytes);
        journal.append({ type: 'checkpoint', time, number, epoch: event.epoch });
        break;
      case 'finished': {
        // The record comes last: a trial counts as finished only when all its files are there.
        for (const [name, bytes] of Object.entries(event.files)) {
          writeWhole(paths.trial(number, name), bytes);
        }
        const { files: _, type: __, ...rest } = event;
        appendAndFlush(journal, { ...rest, type: 'finish', time });
        break;
      }
      case 'failed':
        appendAndFlush(journal, { type: 'fail', time, number, reason: event.reason });
        break;
      case 'interrupted':
        appendAndFlush(journal, { type: 'interrupt', time, number, epoch: event.epoch });
        break;
      default:
        event satisfies never;
    }
  };
}

function appendAndFlush(journal: Journal, record: JournalRecord): void {
  journal.append(record);
  journal.flush();
}

/** The last checkpoint of a trial, or null. */
export function readCheckpoint(folder: string, number: number): Uint8Array | null {
  const path = runPaths(folder).trial(number, checkpointFile);
  return existsSync(path) ? readFileSync(path) : null;
}
