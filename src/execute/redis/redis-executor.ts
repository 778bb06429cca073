/**
 * @file Trials through BullMQ to workers on any machine. The queue hands them out; what happened is
 * what the runner has read, and no worker writes any of it.
 */
import { randomBytes } from 'node:crypto';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { DataName } from '../../data/index.ts';
import type { Executor, StopReason, TrialEvent, TrialJob } from '../trial-event.ts';
import type { RedisAddress } from './address.ts';
import { connect, connectQuietly } from './connection.ts';
import { leaseKey, prefix } from './keys.ts';
import {
  endTrial,
  hear,
  jobIdOf,
  loseTrial,
  offer,
  type Pending,
  type Session,
} from './pending-trials.ts';
import { readMessages } from './read-messages.ts';
import { endSession, stopTrial } from './scripts.ts';
import { watchSession } from './watch-session.ts';
import { within } from './within.ts';

/** Milliseconds. */
export interface RunnerTimes {
  /** A runner that is silent for so long is gone: workers drop its trials. */
  readonly lease: number;
  /** How often it says that it is there, and looks after its trials. */
  readonly renew: number;
  /** How long it waits for trials that it has asked to stop. */
  readonly stop: number;
}
const usualTimes: RunnerTimes = { lease: 60_000, renew: 5000, stop: 20_000 };

export interface RedisExecutorOptions {
  readonly address: RedisAddress;
  /** From `queueName`. */
  readonly queue: string;
  /** 16 hexadecimal digits: the run, the same at every start and unlike any other's. */
  readonly run: string;
  readonly experiment: string;
  /** Brings a folder's prepared data to where workers find them, and names them. */
  readonly nameData: (directory: string) => Promise<DataName>;
  readonly say: (line: string) => void;
  readonly times?: Partial<RunnerTimes>;
}

/** Connects at once; needs a Redis that `checkRedis` found. */
export function createRedisExecutor(options: RedisExecutorOptions): Executor {
  const runner = startRunner(options);
  return {
    // Workers get ready by themselves.
    warmUp() {},
    run: (job, onEvent) => runTrial(runner, job, onEvent),
    stop: (number, reason) => void askToStop(runner, number, reason),
    stopAll(reason) {
      runner.stopping = reason;
      for (const number of runner.session.pending.keys()) void askToStop(runner, number, reason);
    },
    close: () => {
      runner.closed ??= closeRunner(runner);
      return runner.closed;
    },
  };
}

interface Runner {
  readonly session: Session;
  readonly times: RunnerTimes;
  readonly reader: Redis;
  readonly closing: AbortController;
  readonly watch: ReturnType<typeof watchSession>;
  readonly reading: Promise<void>;
  readonly running: Set<Promise<void>>;
  /** One offer after the other, so that the queue has the order of the trials. */
  offering: Promise<void>;
  stopping: StopReason | undefined;
  closed: Promise<void> | undefined;
}

function startRunner({ address, say, times: given, ...options }: RedisExecutorOptions): Runner {
  const times = { ...usualTimes, ...given };
  const client = connect(address, say);
  const reader = connectQuietly(address);
  const queue = new Queue(options.queue, { connection: client, prefix });
  queue.on('error', () => {}); // Said by `connect`.
  const session: Session = {
    ...options,
    session: randomBytes(8).toString('hex'),
    client,
    queue,
    pending: new Map(),
    rounds: new Map(),
    nameData: once(options.nameData),
    say,
  };
  const failAll = (error: unknown) => {
    for (const trial of session.pending.values()) trial.fail(error);
    session.pending.clear();
  };
  const closing = new AbortController();
  const reading = readMessages(reader, client, session.session, closing.signal, (message) =>
    hear(session, message),
  ).catch(failAll);
  const watch = watchSession(session, times, () =>
    failAll(new Error('another runner has taken this run over')),
  );
  const offering = openSession(session, times.lease);
  offering.catch(() => {}); // Each trial is told.
  const state = { running: new Set<Promise<void>>(), stopping: undefined, closed: undefined };
  return { session, times, reader, closing, watch, reading, offering, ...state };
}

/** Asks once for each argument. */
function once<Value>(ask: (key: string) => Promise<Value>): (key: string) => Promise<Value> {
  const known = new Map<string, Promise<Value>>();
  return (key) => {
    const value = known.get(key) ?? ask(key);
    known.set(key, value);
    return value;
  };
}

/** From now on older sessions of the run are void; their jobs that nobody has taken go. */
async function openSession({ client, queue, run, session }: Session, lease: number) {
  await client.set(leaseKey(run), session, 'PX', lease);
  const waiting = await queue.getRanges(['wait', 'delayed', 'prioritized']);
  const old = waiting.filter((id) => id.startsWith(`${run}-`));
  for (const id of old) await queue.remove(id);
}

function runTrial(
  runner: Runner,
  job: TrialJob,
  onEvent: (event: TrialEvent) => void,
): Promise<void> {
  const { session, running } = runner;
  const ended = new Promise<void>((end, fail) => {
    const about = { round: 0, attempt: null, checkpoint: null, epoch: 0 };
    const trial: Pending = { job, onEvent, end, fail, ...about };
    session.pending.set(job.number, trial);
    if (runner.stopping) return void endTrial(session, trial, interrupted(trial));
    runner.offering = runner.offering
      .then(() => offer(session, trial))
      .catch((error: unknown) => loseTrial(session, trial, messageOf(error)))
      .catch(fail);
  });
  running.add(ended);
  const forget = () => running.delete(ended);
  ended.then(forget, forget);
  return ended;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
const interrupted = ({ job, epoch }: Pending) =>
  ({ type: 'interrupted', number: job.number, epoch }) as const;

/** A trial that nobody trains ends now; one whose worker does not answer ends after a while. */
async function askToStop({ session, times }: Runner, number: number, reason: StopReason) {
  const trial = session.pending.get(number);
  if (!trial) return;
  const end = () => endTrial(session, trial, interrupted(trial)).catch(() => {});
  const timer = setTimeout(end, times.stop);
  try {
    const answer = await stopTrial(session.client, { ...session, number }, reason);
    if (answer === 'asked') return;
    clearTimeout(timer);
    await end();
    await session.queue.remove(jobIdOf(session, trial));
  } catch {
    // The connection is lost, and the time runs.
  }
}

async function closeRunner(runner: Runner): Promise<void> {
  const { session, reader, closing, watch } = runner;
  runner.stopping ??= 'interrupt';
  for (const number of session.pending.keys()) void askToStop(runner, number, 'interrupt');
  await Promise.allSettled(runner.running);
  watch[Symbol.dispose]();
  closing.abort();
  reader.disconnect();
  await runner.reading;
  // Without a connection there is nothing to clean up: the lease runs out by itself.
  await within(
    2000,
    endSession(session.client, session).then(() => session.queue.close()),
  );
  session.client.disconnect();
}
