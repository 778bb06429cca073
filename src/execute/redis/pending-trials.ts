/** @file The runner's trials that wait or are trained somewhere: offered, heard of, ended. */
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { DataName } from '../../data/index.ts';
import type { TrialEvent, TrialJob } from '../trial-event.ts';
import { dropBytes, loadBytes, type StoredBytes, storeBytes } from './bytes.ts';
import { toQueued } from './job.ts';
import { jobId, trialKey } from './keys.ts';
import type { WorkerMessage } from './read-messages.ts';
import { offerTrial } from './scripts.ts';
import { fromWire, isLast, readEvents, type WireEvent } from './wire-event.ts';

export interface Pending {
  readonly job: TrialJob;
  readonly onEvent: (event: TrialEvent) => void;
  readonly end: () => void;
  readonly fail: (error: unknown) => void;
  /** Counts how often it was offered; 0: not yet. */
  round: number;
  /** Whose events count: the one that took it last in this round. */
  attempt: string | null;
  /** The last checkpoint that was given or read. */
  checkpoint: StoredBytes | null;
  epoch: number;
}

/** What the runner keeps of a session. */
export interface Session {
  readonly run: string;
  readonly session: string;
  readonly experiment: string;
  readonly client: Redis;
  readonly queue: Queue;
  readonly pending: Map<number, Pending>;
  /** Of each trial, the last round in which it was offered. */
  readonly rounds: Map<number, number>;
  /** Brings a folder's data to the workers and names them. */
  readonly nameData: (directory: string) => Promise<DataName>;
  readonly say: (line: string) => void;
}

const isCurrent = ({ pending }: Session, trial: Pending) => pending.get(trial.job.number) === trial;

export const jobIdOf = ({ run, session }: Session, { job, round }: Pending) =>
  jobId(run, session, job.number, round);

/** Puts it into the queue, again if need be: from now on only this round counts. */
export async function offer(session: Session, trial: Pending): Promise<void> {
  const { client, queue, rounds, experiment, run, session: token } = session;
  const { job } = trial;
  const { number } = job;
  const data = await session.nameData(job.data);
  if (trial.round === 0 && job.checkpoint)
    trial.checkpoint = await storeBytes(client, token, job.checkpoint);
  if (!isCurrent(session, trial)) return;
  const round = (rounds.get(number) ?? 0) + 1;
  rounds.set(number, round);
  trial.round = round;
  trial.attempt = null;
  const place = { run, session: token, number, round };
  const checkpoint = trial.checkpoint ? JSON.stringify(trial.checkpoint) : '';
  await offerTrial(client, place, round, checkpoint);
  if (!isCurrent(session, trial)) return;
  // What ends badly ends as an event: BullMQ is never asked to try again of its own accord.
  await queue.add('trial', toQueued(job, place, data, experiment), {
    jobId: jobIdOf(session, trial),
    removeOnComplete: true,
    removeOnFail: true,
  });
}

/** Hands an event over; an error of the listener becomes the trial's. */
function deliver(session: Session, trial: Pending, event: TrialEvent): void {
  try {
    trial.onEvent(event);
  } catch (error) {
    session.pending.delete(trial.job.number);
    trial.fail(error);
  }
}

/** The last event; what anybody tells of it from now on is void. */
export async function endTrial(session: Session, trial: Pending, event: TrialEvent) {
  if (!isCurrent(session, trial)) return;
  session.pending.delete(trial.job.number);
  deliver(session, trial, event);
  trial.end();
  const { client, session: token } = session;
  await client.unlink(trialKey(token, trial.job.number));
  if (trial.checkpoint) await dropBytes(client, token, trial.checkpoint);
}

/** Its worker is gone, or told nonsense. */
export const loseTrial = (session: Session, trial: Pending, reason: string) =>
  endTrial(session, trial, { type: 'failed', number: trial.job.number, reason, cause: 'lost' });

/** Each message once and in order; those of attempts that do not count are passed over. */
export async function hear(session: Session, message: WorkerMessage): Promise<void> {
  const trial = session.pending.get(message.number);
  if (!trial) return;
  if (message.type === 'taken') {
    if (message.round === trial.round) beTaken(session, trial, message);
    return;
  }
  if (message.attempt !== trial.attempt) return;
  const events = readEvents(message.events);
  if (!events) return loseTrial(session, trial, 'its worker sent what is no event');
  for (const event of events) await hearEvent(session, trial, event);
}

function beTaken(
  { say }: Session,
  trial: Pending,
  { attempt, worker }: Extract<WorkerMessage, { type: 'taken' }>,
) {
  if (trial.attempt !== null && trial.attempt !== attempt)
    say(`trial ${trial.job.number} goes on with worker ${worker}`);
  trial.attempt = attempt;
}

async function hearEvent(session: Session, trial: Pending, wire: WireEvent): Promise<void> {
  const { client, session: token } = session;
  const stored = 'bytes' in wire ? wire.bytes : null;
  const bytes = stored && (await loadBytes(client, token, stored));
  if (!isCurrent(session, trial)) return;
  if (stored && !bytes) {
    // A checkpoint that is gone costs time; files that are gone cost the trial.
    if (wire.type === 'finished') await loseTrial(session, trial, 'its files were lost in Redis');
    return;
  }
  const event = fromWire(wire, trial.job.number, bytes);
  if (isLast(event)) {
    await endTrial(session, trial, event);
    if (stored) await dropBytes(client, token, stored);
    return;
  }
  deliver(session, trial, event);
  if (event.type !== 'checkpoint') return;
  const before = trial.checkpoint;
  trial.checkpoint = stored;
  trial.epoch = event.epoch;
  if (before) await dropBytes(client, token, before);
}
