/** @file Writes what workers tell into the run's folder and journal, files first. */
import { rmSync } from 'node:fs';
import type { TrialEvent } from '../execute/trial-event.ts';
import type { NewRecord } from './journal-record.ts';
import { checkpointFile, runPaths, writeFilesWhole } from './run-folder.ts';

/**
 * Each event, once, in the order in which it happened, the next one when the promise of the one
 * before has resolved; `attempt` counts from 1.
 */
export function createRecorder(
  folder: string,
  append: (record: NewRecord) => void,
  flush: () => void,
) {
  const paths = runPaths(folder);
  const appendAndFlush = (record: NewRecord) => {
    append(record);
    flush();
  };
  return async (event: TrialEvent, attempt = 1, isRetried = false): Promise<void> => {
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
        // The epochs that it stands for come first: it is of no use without them (`checkpoints.ts`).
        flush();
        await writeFilesWhole({ [paths.trial(number, checkpointFile)]: event.bytes });
        append({ type: 'checkpoint', number, epoch: event.epoch });
        break;
      case 'finished': {
        // The record comes last: a trial counts as finished only when all its files are there.
        await writeFilesWhole(
          Object.fromEntries(
            Object.entries(event.files).map(([name, bytes]) => [paths.trial(number, name), bytes]),
          ),
        );
        const { files: _, type: __, ...rest } = event;
        appendAndFlush({ ...rest, type: 'finish' });
        // Only now: until the record is on the disk, the trial may have to go on from it.
        rmSync(paths.trial(number, checkpointFile), { force: true });
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
