/** @file One job of the queue, from its text to its last event. */
import { randomBytes } from 'node:crypto';
import { Ajv } from 'ajv';
import type { Redis } from 'ioredis';
import type { DataName } from '../../data/index.ts';
import type { Attempt } from '../../engine/engine-plan.ts';
import type { Catalog } from '../../spec/kind.ts';
import { oneLine } from '../failure-words.ts';
import type { Executor, TrialEvent } from '../trial-event.ts';
import { loadBytes, type StoredBytes, storedBytesSchema } from './bytes.ts';
import { type AcceptedJob, readJob, readPlace } from './job.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { type AttemptPlace, askVerdict, releaseTrial, takeTrial, type Verdict } from './scripts.ts';
import { isLast } from './wire-event.ts';

/** What a worker has for all of its jobs. */
export interface Service {
  readonly client: Redis;
  readonly executor: Executor;
  readonly catalog: Catalog;
  /** For people: host and process. */
  readonly name: string;
  readonly obtainData: (name: DataName) => Promise<Attempt<{ directory: string }>>;
  readonly say: (line: string) => void;
  /** Aborted where the worker is to end: its trials write a checkpoint and go back. */
  readonly ending: AbortSignal;
  /** The executor's numbers: those of two runs may be equal. */
  readonly nextNumber: () => number;
  /** How often it asks what the runner wants, in milliseconds. */
  readonly askEvery: number;
}

/** So many workers may be lost with a trial; then it is the trial that kills them. */
const mostLosses = 3;

/** `released`: the job is to go back into the queue. */
export async function serveJob(service: Service, data: unknown): Promise<'done' | 'released'> {
  const { client, name, say } = service;
  const jobPlace = readPlace(data);
  if (!jobPlace) {
    say('refused a job that does not say whose it is');
    return 'done';
  }
  const { round, ...about } = jobPlace;
  const place: AttemptPlace = { ...about, attempt: randomBytes(8).toString('hex') };
  const taken = await takeTrial(client, place, round, name);
  if (!taken) return 'done';
  const read = readJob(data, service.catalog);
  const title = read.ok ? `trial ${place.number} of ${read.accepted.experiment}` : 'a job';
  const attempt = createAttempt(service, place, (line) => say(`${title} ${line}`));
  if (!read.ok) return attempt.fail(read.reason, 'trial');
  if (taken.losses >= mostLosses)
    return attempt.fail(`${taken.losses} workers were lost while they trained it`, 'lost');
  return train(service, attempt, read.accepted, readStored(taken.checkpoint));
}

const isStored = new Ajv({ strict: false }).compile<StoredBytes>(storedBytesSchema);

function readStored(text: string): StoredBytes | null {
  const value: unknown = text === '' ? null : JSON.parse(text);
  return isStored(value) ? value : null;
}

type Attempted = ReturnType<typeof createAttempt>;

/** The line to the runner, and what it said last. */
function createAttempt(service: Service, place: AttemptPlace, say: (line: string) => void) {
  let verdict: Verdict = 'go';
  const listeners: ((verdict: Verdict) => void)[] = [];
  const hear = (next: Verdict) => {
    if (next === 'go' || next === verdict) return;
    verdict = next;
    for (const listener of listeners) listener(next);
  };
  const outbox: Outbox = createOutbox(service.client, place, hear, say);
  return {
    place,
    say,
    outbox,
    hear,
    verdict: () => verdict,
    onVerdict: (listener: (verdict: Verdict) => void) => listeners.push(listener),
    async fail(text: string, cause: 'lost' | 'trial'): Promise<'done'> {
      const reason = oneLine(text);
      say(`failed: ${reason}`);
      outbox.push({ type: 'failed', number: place.number, reason, cause });
      await outbox.emptied();
      return 'done';
    },
  };
}

async function train(
  service: Service,
  attempt: Attempted,
  { data, job }: AcceptedJob,
  stored: StoredBytes | null,
): Promise<'done' | 'released'> {
  const { client, executor, ending } = service;
  const { place, outbox, say } = attempt;
  const obtained = await service.obtainData(data);
  if (!obtained.ok) return attempt.fail(obtained.reason, 'lost');
  const checkpoint = stored && (await loadBytes(client, place.session, stored));
  const number = service.nextNumber();
  const local = { ...job, number, data: obtained.directory, checkpoint };
  const stop = (verdict: Verdict) =>
    executor.stop(number, verdict === 'prune' ? 'prune' : 'interrupt');
  attempt.onVerdict(stop);
  using _asking = askAlways(service, attempt);
  let last: TrialEvent | undefined;
  say(checkpoint ? 'goes on from its checkpoint' : 'begins');
  await executor.run(local, (event) => {
    // Asked before it ran: the executor knows only of those that run.
    if (event.type === 'started' && attempt.verdict() !== 'go') stop(attempt.verdict());
    if (isLast(event)) last = event;
    else outbox.push({ ...event, number: place.number });
  });
  return last ? end(service, attempt, last, ending.aborted) : 'done';
}

/** While a trial says nothing, the runner may still want it to stop. */
function askAlways({ client, askEvery }: Service, { place, hear }: Attempted): Disposable {
  const timer = setInterval(() => {
    askVerdict(client, place).then(hear, () => {}); // What fails now is asked again.
  }, askEvery);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Interrupted for the worker's sake and not the runner's, the trial goes back. */
async function end(
  { client, name }: Service,
  { place, outbox, say, verdict }: Attempted,
  last: TrialEvent,
  isEnding: boolean,
): Promise<'done' | 'released'> {
  if (last.type === 'interrupted') await outbox.emptied();
  if (verdict() === 'void') {
    say('is no longer this worker’s; what it trained is dropped');
    return 'done';
  }
  if (last.type === 'interrupted' && isEnding && verdict() === 'go') {
    if ((await releaseTrial(client, place)) === 'go') {
      say(`given back after epoch ${last.epoch}`);
      return 'released';
    }
  }
  // Whose log it is that the reason speaks of, and whose memory.
  const told =
    last.type === 'failed' ? { ...last, reason: `${last.reason} (worker ${name})` } : last;
  outbox.push({ ...told, number: place.number });
  await outbox.emptied();
  if (verdict() === 'void') say('was another worker’s in the end; this result is dropped');
  else say(last.type === 'failed' ? `failed: ${last.reason}` : last.type);
  return 'done';
}
