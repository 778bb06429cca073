/** @file Trains a sweep: asks what comes next, hands it to the executor, records what comes of it. */
import type { Executor, TrialEvent, TrialJob } from '../execute/trial-event.ts';
import type { NewRecord } from '../record/index.ts';
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
  readonly record: (event: TrialEvent, attempt: number, isRetried: boolean) => Promise<void> | void;
  /** A trial that a pruner has decided against before it began. */
  readonly dropped: (trial: SweepTrial, reason: string) => void;
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
  const order = createOrder();
  const begin = (trial: SweepTrial) => {
    running.add(trial.number);
    void trainTrial(run, trial, end, order).then(
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
      else if (next.type === 'prune') {
        append(pruneRecord(sweep, next.trial, next.reason));
        run.dropped(next.trial, next.reason);
      } else if (next.type === 'proposed') {
        run.added(next.trials);
        append(next.choice);
      } else if (next.type === 'done' && running.size === 0) {
        if (next.reason) note(next.reason);
        return end;
      }
      // Done, but a trial that was pruned has yet to hear of it: what it tells is recorded, too.
      if (next.type !== 'wait' && next.type !== 'done') continue;
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

type Failure = Extract<TrialEvent, { type: 'failed' }>;

/** Trains it, again where its worker was lost. */
async function trainTrial(
  run: SweepRun,
  trial: SweepTrial,
  end: { hasFailed: boolean; isStopped: boolean },
  order: Order,
): Promise<void> {
  const { retries } = run.sweep.spec.execution;
  for (let attempt = 1; ; attempt++) {
    const willRetry = ({ cause }: Failure) =>
      cause === 'lost' && attempt <= retries && !run.interrupted.aborted && !end.isStopped;
    const outcome: { failure: Failure | null } = { failure: null };
    const handle = async (told: TrialEvent) => {
      const event = withDecision(told, trial);
      if (event.type === 'failed') outcome.failure = event;
      await run.record(event, attempt, event.type === 'failed' && willRetry(event));
      if (event.type === 'epoch') decide(run, trial);
    };
    await run.executor.run(run.jobOf(trial), (told) => order.add(() => handle(told)));
    await order.idle();
    if (!outcome.failure) return;
    if (willRetry(outcome.failure)) continue;
    end.hasFailed = true;
    if (run.sweep.spec.execution.failFast) failFast(run, trial, end);
    return;
  }
}

/** A trial that finishes before it hears that it was pruned is pruned: else it were a matter of time. */
function withDecision(event: TrialEvent, { stage }: SweepTrial): TrialEvent {
  if (event.type !== 'finished' || stage !== 'pruned') return event;
  return { type: 'interrupted', number: event.number, epoch: event.epochs };
}

/** Recorded before it is carried out: a decision that a crash follows is kept. */
function decide({ sweep, executor, append }: SweepRun, trial: SweepTrial): void {
  const reason = reasonToStop(sweep, trial.number);
  if (!reason) return;
  append(pruneRecord(sweep, trial, reason));
  executor.stop(trial.number, 'prune');
}

function failFast(run: SweepRun, { number }: SweepTrial, end: { isStopped: boolean }): void {
  if (end.isStopped) return;
  end.isStopped = true;
  run.note(`trial ${number} has failed for good, so all others stop (execution.failFast)`);
  run.executor.stopAll('interrupt');
}

interface Order {
  add(handle: () => Promise<void>): void;
  /** Resolves when nothing of what was added is under way. */
  idle(): Promise<void>;
}

/**
 * Events are handled one after the other, in the order in which they came: while files are flushed to
 * the disk, others wait. Where one cannot be recorded the process ends: nothing that follows counts.
 */
function createOrder(): Order {
  let last = Promise.resolve();
  const giveUp = (error: unknown) => {
    setImmediate(() => {
      throw error;
    });
    return new Promise<void>(() => {});
  };
  return {
    add(handle) {
      last = last.then(handle).catch(giveUp);
    },
    idle: () => last,
  };
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
