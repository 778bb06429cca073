/** @file A worker process of this machine: started, told what to train, listened to. */
import { type ChildProcess, fork } from 'node:child_process';
import { childFile, type EnginePlan, engineEnvironment } from '../engine/index.ts';
import { exitWords, failureOf, oneLine } from './failure-words.ts';
import type { TrialEvent, TrialJob, WorkerReply, WorkerRequest } from './trial-event.ts';

export interface WorkerOptions {
  readonly engine: EnginePlan;
  /** Where a worker's own output goes: a file descriptor that stays open, or nowhere. */
  readonly log: number | 'ignore';
  /** A worker that tells nothing for so long while it trains counts as hung, and is ended. */
  readonly stallSeconds: number;
}

export interface Worker {
  readonly process: ChildProcess;
  readonly ready: Promise<void>;
  /** Of TensorFlow in this process. */
  readonly threads: number;
  /** Of the trials that it trained: what they said of their programs. */
  readonly programs: Set<string>;
  readonly stallSeconds: number;
}

export const isAlive = ({ process: child }: Worker) =>
  child.exitCode === null && child.signalCode === null && child.connected;

export const send = (worker: Worker, request: WorkerRequest) => {
  // A worker that died in this moment is noticed by its exit event.
  if (worker.process.connected) worker.process.send(request, () => {});
};

export function startWorker({ engine, log, stallSeconds }: WorkerOptions, threads: number): Worker {
  const { path, execArgv } = childFile(import.meta.url, 'worker');
  const child = fork(path, [JSON.stringify(engine)], {
    execArgv,
    env: { ...process.env, ...engineEnvironment(engine, threads) },
    serialization: 'advanced',
    stdio: ['ignore', log, log, 'ipc'],
  });
  child.setMaxListeners(50);
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (reply: WorkerReply) => {
      if (reply.type === 'ready') resolve();
      else if (reply.type === 'unfit')
        reject(new WorkerLost(failureOf(new Error(reply.reason)).reason));
    });
    child.once('exit', (code, signal) => reject(new WorkerLost(exitWords(code, signal))));
    child.once('error', (error) => reject(new WorkerLost(error.message)));
  });
  ready.catch(() => {}); // Whoever trains on it sees the rejection.
  return { process: child, ready, threads, programs: new Set(), stallSeconds };
}

/** The process of a worker ended or never started. */
class WorkerLost extends Error {}

/** No other event of the trial follows. */
export const isLast = (event: TrialEvent) =>
  event.type === 'finished' || event.type === 'failed' || event.type === 'interrupted';

/** Trains one trial; whatever happens to the worker, the trial gets its last event. */
export async function trainOn(worker: Worker, job: TrialJob, onEvent: (event: TrialEvent) => void) {
  const watch = watchStall(worker);
  try {
    await worker.ready;
    await new Promise<void>((resolve, reject) => {
      const onExit = (code: number | null, signal: NodeJS.Signals | null) =>
        reject(new WorkerLost(watch.reason() ?? exitWords(code, signal)));
      const onMessage = (reply: WorkerReply) => {
        if (reply.type !== 'event' || reply.event.number !== job.number) return;
        watch.heard();
        onEvent(reply.event);
        if (!isLast(reply.event)) return;
        worker.process.off('message', onMessage);
        worker.process.off('exit', onExit);
        resolve();
      };
      worker.process.on('message', onMessage);
      worker.process.once('exit', onExit);
      send(worker, { type: 'train', job });
    });
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
    const reason = oneLine(watch.reason() ?? error.message);
    onEvent({ type: 'failed', number: job.number, reason, cause: 'lost' });
  } finally {
    watch.end();
  }
}

/** Ends a worker that tells nothing for too long: what it does not say it may never say. */
function watchStall({ process: child, stallSeconds }: Worker) {
  let reason: string | undefined;
  const expire = () => {
    reason = `its worker told nothing for ${stallSeconds} s and was ended (execution.stallSeconds)`;
    child.kill('SIGKILL');
  };
  let timer = setTimeout(expire, stallSeconds * 1000);
  return {
    reason: () => reason,
    heard() {
      clearTimeout(timer);
      timer = setTimeout(expire, stallSeconds * 1000);
    },
    end: () => clearTimeout(timer),
  };
}
