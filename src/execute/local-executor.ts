/** @file Trials in child processes of this machine: one worker a job slot, fed by a queue. */
import PQueue from 'p-queue';
import {
  isAlive,
  isLast,
  send,
  startWorker,
  trainOn,
  type Worker,
  type WorkerOptions,
} from './local-worker.ts';
import { type Costs, matchTrial } from './match-trial.ts';
import type { Executor, StopReason, TrialEvent, TrialJob } from './trial-event.ts';

export interface LocalExecutorOptions extends WorkerOptions {
  /** Workers at once. */
  readonly jobs: number;
}

interface Waiting {
  readonly job: TrialJob;
  readonly onEvent: (event: TrialEvent) => void;
  readonly end: () => void;
}
interface Busy {
  readonly worker: Worker;
  readonly ended: Promise<void>;
}

/** What changes while trials come and go. */
interface Slots {
  readonly waiting: Waiting[];
  readonly idle: Worker[];
  readonly busy: Map<number, Busy>;
  readonly costs: Costs;
  stopping: StopReason | undefined;
}

/** A crash of a worker costs the trial that it trained, never the sweep: it is replaced. */
export function createLocalExecutor(options: LocalExecutorOptions): Executor {
  const queue = new PQueue({ concurrency: options.jobs });
  const costs: Costs = { trained: [], compiled: [] };
  const slots: Slots = { waiting: [], idle: [], busy: new Map(), costs, stopping: undefined };
  const stop = (number: number, reason: StopReason) => {
    const worker = slots.busy.get(number)?.worker;
    if (worker) send(worker, { type: 'stop', number, reason });
    else cancel(slots, number);
  };
  return {
    warmUp(workers) {
      const wanted = Math.min(workers, options.jobs);
      while (slots.idle.length < wanted) slots.idle.push(startWorker(options, 1));
    },
    run: (job, onEvent) =>
      new Promise((end, fail) => {
        slots.waiting.push({ job, onEvent, end });
        // One call for each trial; which one it takes is decided when a slot is free.
        queue.add(() => trainNext(slots, options)).catch(fail);
      }),
    stop,
    stopAll(reason) {
      slots.stopping = reason;
      for (const number of slots.busy.keys()) stop(number, reason);
    },
    async close() {
      slots.stopping ??= 'interrupt';
      await queue.onIdle();
      for (const worker of slots.idle) if (isAlive(worker)) worker.process.disconnect();
      slots.idle.length = 0;
    },
  };
}

/** Takes a trial and a worker that suit each other. */
async function trainNext(slots: Slots, options: LocalExecutorOptions): Promise<void> {
  // Fewer may wait than there are calls: some were stopped before they began.
  while (!slots.stopping && slots.waiting.length > 0) {
    const match = matchIn(slots, options);
    if (match) return train(slots, ...match);
    // Cores are not free, or it is better to wait for the worker that has the program.
    await Promise.race([...slots.busy.values()].map(({ ended }) => ended));
  }
  const [stopped] = slots.waiting;
  if (stopped) cancel(slots, stopped.job.number);
}

/** A trial that waits ends before it begins. */
function cancel({ waiting }: Slots, number: number): void {
  const place = waiting.findIndex(({ job }) => job.number === number);
  const [stopped] = place < 0 ? [] : waiting.splice(place, 1);
  stopped?.onEvent({ type: 'interrupted', number, epoch: 0 });
  stopped?.end();
}

/** Takes both out of those that wait. */
function matchIn(
  { waiting, idle, busy, costs }: Slots,
  options: LocalExecutorOptions,
): [Waiting, Worker] | undefined {
  const others = [...busy.values()].map(({ worker }) => worker);
  const free = options.jobs - others.reduce((sum, { threads }) => sum + threads, 0);
  const fitting = waiting.filter(({ job }) => job.threads <= free || busy.size === 0);
  for (const threads of new Set(fitting.map(({ job }) => job.threads))) {
    const trials = fitting.filter(({ job }) => job.threads === threads);
    const workers = readyWorkers(idle, threads, options);
    const match = matchTrial(
      trials.map(({ job }) => job.program),
      workers.map(({ programs }) => programs),
      others.map(({ programs }) => programs),
      costs,
    );
    const [trial, worker] = match ? [trials[match.trial], workers[match.worker]] : [];
    if (!trial || !worker) continue;
    waiting.splice(waiting.indexOf(trial), 1);
    idle.splice(idle.indexOf(worker), 1);
    return [trial, worker];
  }
  return undefined;
}

/** Those of so many threads that are alive; a new one, in the place of another, where there is none. */
function readyWorkers(
  idle: Worker[],
  threads: number,
  options: LocalExecutorOptions,
): readonly Worker[] {
  idle.splice(0, idle.length, ...idle.filter(isAlive));
  const ready = idle.filter((worker) => worker.threads === threads);
  if (ready.length > 0) return ready;
  idle.shift()?.process.disconnect();
  const worker = startWorker(options, threads);
  idle.push(worker);
  return [worker];
}

/**
 * The worker is free, and given its next trial, before the last event is told: whoever is told writes
 * files and waits for the disk.
 */
async function train(slots: Slots, { job, onEvent, end }: Waiting, worker: Worker): Promise<void> {
  worker.programs.add(job.program);
  let last: TrialEvent | undefined;
  const ended = trainOn(worker, job, (event) => {
    if (event.type === 'finished') noteCosts(slots.costs, event);
    if (isLast(event)) last = event;
    else onEvent(event);
  });
  slots.busy.set(job.number, { worker, ended });
  await ended;
  slots.busy.delete(job.number);
  // One that ran out of memory still lives: its next trial would fail as well.
  const isLost = last?.type === 'failed' && last.cause === 'lost';
  if (!isLost) slots.idle.push(worker);
  else if (isAlive(worker)) worker.process.disconnect();
  setImmediate(() => {
    if (last) onEvent(last);
    end();
  });
}

function noteCosts(costs: Costs, event: Extract<TrialEvent, { type: 'finished' }>): void {
  costs.trained.push(event.seconds);
  if (!event.program.isReused) costs.compiled.push(event.program.compileSeconds);
}
