/** @file Trains a sweep: asks what comes next, hands it to the executor, records what comes of it. */
import type { Executor, TrialEvent, TrialJob } from '../execute/trial-event.ts';
import type { NewRecord } from '../opening-records.ts';
import { aheadOf, nextOf, reasonToStop, type Sweep } from './sweep.ts';
import type { SweepTrial } from './sweep-state.ts';

export interface SweepRun {
  readonly sweep: Sweep;
  readonly executor: Executor;
  /** Trials at once. */
  readonly jobs: number;
  readonly jobOf: (trial: SweepTrial) => TrialJob;
  /** Writes into the journal, which the sweep follows. */
  readonly append: (record: NewRecord) => void;
  /** Writes what a worker told; `isRetried` where a failed trial is tried again at once. */
  readonly record: (event: TrialEvent, attempt: number, isRetried: boolean) => void;
  /** New trials, before any of them begins. */
  readonly added: (trials: readonly SweepTrial[]) => void;
  readonly interrupted: AbortSignal;
  /** For the user and the record. */
  readonly note: (text: string) => void;
}

export interface SweepEnd {
  /** A trial has failed for good. */
  readonly hasFailed: boolean;
}

/** Resolves when nothing runs any more: all done, the budget spent, interrupted, or failed fast. */
export async function trainSweep(run: SweepRun): Promise<SweepEnd> {
  const { sweep, interrupted, append, note } = run;
  const running = new Set<number>();
  const changed = createSignal();
  const end = { hasFailed: false, isStopped: false };
  const begin = (trial: SweepTrial) => {
    running.add(trial.number);
    void trainTrial(run, trial, end).then(
      () => {
        running.delete(trial.number);
        changed.set();
      },
      (error: unknown) => changed.fail(error),
    );
  };
  const most = run.jobs * aheadOf(sweep);
  for (;;) {
    if (interrupted.aborted || end.isStopped) {
      if (running.size === 0) return end;
    } else if (running.size < most) {
      const next = await nextOf(sweep);
      if (next.type === 'train') begin(next.trial);
      else if (next.type === 'prune') append(pruneRecord(sweep, next.trial, next.reason));
      else if (next.type === 'proposed') {
        run.added(next.trials);
        append(next.choice);
      } else if (next.type === 'done') {
        if (next.reason) note(next.reason);
        return end;
      }
      if (next.type !== 'wait') continue;
    }
    await changed.wait();
  }
}

function pruneRecord(
  { pruning }: Sweep,
  { number, epochs }: SweepTrial,
  reason: string,
): NewRecord {
  return { type: 'prune', number, epoch: epochs.length, reason, by: pruning.key };
}

/** Trains it, again where its worker was lost. */
async function trainTrial(
  run: SweepRun,
  trial: SweepTrial,
  end: { hasFailed: boolean; isStopped: boolean },
): Promise<void> {
  const { sweep, executor, append } = run;
  const { retries, failFast } = sweep.spec.execution;
  for (let attempt = 1; ; attempt++) {
    let failure: Extract<TrialEvent, { type: 'failed' }> | undefined;
    let isRetried = false;
    await executor.run(run.jobOf(trial), (event) => {
      if (event.type === 'failed') {
        failure = event;
        isRetried = event.cause === 'lost' && attempt <= retries && !run.interrupted.aborted;
      }
      run.record(event, attempt, isRetried);
      if (event.type !== 'epoch') return;
      const reason = reasonToStop(sweep, trial.number);
      if (!reason) return;
      // Recorded before it is carried out: a decision that a crash follows is kept.
      append(pruneRecord(sweep, trial, reason));
      executor.stop(trial.number, 'prune');
    });
    if (isRetried) continue;
    if (failure && failure.type === 'failed') {
      end.hasFailed = true;
      if (failFast && !end.isStopped) {
        end.isStopped = true;
        run.note(
          `trial ${trial.number} has failed for good, so all others stop (execution.failFast)`,
        );
        executor.stopAll('interrupt');
      }
    }
    return;
  }
}

/** Something has changed since it was last waited for. */
function createSignal() {
  let settle: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  let isSet = false;
  let failure: { error: unknown } | undefined;
  return {
    set() {
      isSet = true;
      settle?.resolve();
    },
    fail(error: unknown) {
      failure = { error };
      settle?.reject(error);
    },
    async wait() {
      if (failure) throw failure.error;
      if (!isSet) {
        await new Promise<void>((resolve, reject) => {
          settle = { resolve, reject };
        });
      }
      isSet = false;
    },
  };
}
