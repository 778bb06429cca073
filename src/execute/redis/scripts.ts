/**
 * @file What has to happen in Redis all at once: who holds a trial, and whose events count.
 *
 * A trial's attempt has a random token, and Redis takes events from the token that was given out
 * last (a fencing token: Kleppmann, Designing Data-Intensive Applications, 2017, chapter 8). A
 * worker that comes back after it was taken for dead changes nothing any more.
 */
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { keptMilliseconds } from './bytes.ts';
import { eventsKey, leaseKey, trialKey } from './keys.ts';

interface Script {
  readonly lua: string;
  readonly sha: string;
}

const script = (lua: string): Script => ({
  lua,
  sha: createHash('sha1').update(lua).digest('hex'),
});

async function evaluate(
  client: Redis,
  { lua, sha }: Script,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await client.evalsha(sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return client.eval(lua, keys.length, ...keys, ...args);
  }
}

/** Which trial, of which runner's session. */
export interface TrialPlace {
  readonly run: string;
  readonly session: string;
  readonly number: number;
}
/** An attempt at it. */
export interface AttemptPlace extends TrialPlace {
  readonly attempt: string;
}

const placeKeys = ({ run, session, number }: TrialPlace) => [
  leaseKey(run),
  trialKey(session, number),
  eventsKey(session),
];

const offerScript = script(`
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'round', ARGV[1], 'attempt', '', 'checkpoint', ARGV[2], 'losses', 0, 'sent', 0)
redis.call('PEXPIRE', KEYS[1], ARGV[3])`);

/** Makes a trial one that workers may take, in its next round; what was tried before is void. */
export async function offerTrial(
  client: Redis,
  { session, number }: TrialPlace,
  round: number,
  checkpoint: string,
): Promise<void> {
  await evaluate(
    client,
    offerScript,
    [trialKey(session, number)],
    [round, checkpoint, keptMilliseconds],
  );
}

const takeScript = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return false end
local state = redis.call('HMGET', KEYS[2], 'round', 'attempt', 'losses', 'checkpoint', 'ended')
if state[1] ~= ARGV[2] or state[5] then return false end
local losses = tonumber(state[3])
if state[2] ~= '' and state[2] ~= ARGV[3] then losses = losses + 1 end
redis.call('HSET', KEYS[2], 'attempt', ARGV[3], 'losses', losses, 'sent', 0)
redis.call('XADD', KEYS[3], '*', 'number', ARGV[4], 'round', ARGV[2], 'attempt', ARGV[3], 'worker', ARGV[5])
redis.call('PEXPIRE', KEYS[3], ARGV[6])
return {losses, state[4]}`);

export interface TakenTrial {
  /** How often a worker was lost with it. */
  readonly losses: number;
  /** Where its last checkpoint is: JSON; empty for none. */
  readonly checkpoint: string;
}

/** Whoever had it before has it no more. null: nobody is to train it any more. */
export async function takeTrial(
  client: Redis,
  place: AttemptPlace,
  round: number,
  worker: string,
): Promise<TakenTrial | null> {
  const { session, attempt, number } = place;
  const args = [session, round, attempt, number, worker, keptMilliseconds];
  const taken = await evaluate(client, takeScript, placeKeys(place), args);
  if (!Array.isArray(taken)) return null;
  return { losses: Number(taken[0]), checkpoint: String(taken[1] ?? '') };
}

/** `void`: another one has the trial, or nobody is to train it any more. */
export type Verdict = 'go' | 'void' | 'interrupt' | 'prune';

function verdictOf(answer: unknown): Verdict {
  if (answer === 'go' || answer === 'interrupt' || answer === 'prune') return answer;
  return 'void';
}

// What is sent a second time, because its answer was lost with the connection, is known by `sent`.
const tellScript = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'void' end
local state = redis.call('HMGET', KEYS[2], 'attempt', 'sent', 'ended', 'stop')
if state[1] ~= ARGV[2] then return 'void' end
if tonumber(ARGV[3]) > tonumber(state[2]) then
  if state[3] then return 'void' end
  redis.call('XADD', KEYS[3], '*', 'number', ARGV[4], 'attempt', ARGV[2], 'events', ARGV[5])
  redis.call('PEXPIRE', KEYS[3], ARGV[8])
  redis.call('HSET', KEYS[2], 'sent', ARGV[3])
  if ARGV[6] ~= '' then redis.call('HSET', KEYS[2], 'checkpoint', ARGV[6]) end
  if ARGV[7] == '1' then redis.call('HSET', KEYS[2], 'ended', 1) end
end
return state[4] or 'go'`);

export interface Message {
  /** Counts the messages of an attempt, from 1. */
  readonly sequence: number;
  /** JSON. */
  readonly events: string;
  /** The last checkpoint among them: JSON; empty for none. */
  readonly checkpoint: string;
  /** The trial's last event is among them. */
  readonly isLast: boolean;
}

/** Hands events over, and learns what the runner wants. */
export async function tellEvents(
  client: Redis,
  place: AttemptPlace,
  { sequence, events, checkpoint, isLast }: Message,
): Promise<Verdict> {
  const { session, attempt, number } = place;
  const last = isLast ? 1 : 0;
  const args = [session, attempt, sequence, number, events, checkpoint, last, keptMilliseconds];
  return verdictOf(await evaluate(client, tellScript, placeKeys(place), args));
}

const askScript = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'void' end
local state = redis.call('HMGET', KEYS[2], 'attempt', 'stop')
if state[1] ~= ARGV[2] then return 'void' end
return state[2] or 'go'`);

/** What the runner wants, where there is nothing to tell. */
export async function askVerdict(client: Redis, place: AttemptPlace): Promise<Verdict> {
  const keys = placeKeys(place).slice(0, 2);
  return verdictOf(await evaluate(client, askScript, keys, [place.session, place.attempt]));
}

const releaseScript = script(`
local state = redis.call('HMGET', KEYS[1], 'attempt', 'stop')
if state[1] ~= ARGV[1] then return 'void' end
if state[2] then return state[2] end
redis.call('HSET', KEYS[1], 'attempt', '')
return 'go'`);

/** Gives a trial back without a loss; not where the runner wants it to end: `interrupt`, `prune`. */
export async function releaseTrial(client: Redis, place: AttemptPlace): Promise<Verdict> {
  const { session, number, attempt } = place;
  const keys = [trialKey(session, number)];
  return verdictOf(await evaluate(client, releaseScript, keys, [attempt]));
}

const stopScript = script(`
local attempt = redis.call('HGET', KEYS[1], 'attempt')
if not attempt then return 'gone' end
if attempt == '' then
  redis.call('UNLINK', KEYS[1])
  return 'gone'
end
redis.call('HSET', KEYS[1], 'stop', ARGV[1])
return 'asked'`);

/** Asks whoever trains it; `gone`: nobody does, and from now on nobody will. */
export async function stopTrial(
  client: Redis,
  { session, number }: TrialPlace,
  reason: string,
): Promise<'asked' | 'gone'> {
  const answer = await evaluate(client, stopScript, [trialKey(session, number)], [reason]);
  return answer === 'asked' ? 'asked' : 'gone';
}

const renewScript = script(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`);

/** False where another runner speaks for the run now. */
export async function renewLease(
  client: Redis,
  { run, session }: Pick<TrialPlace, 'run' | 'session'>,
  milliseconds: number,
): Promise<boolean> {
  return (await evaluate(client, renewScript, [leaseKey(run)], [session, milliseconds])) === 1;
}

const endScript = script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('UNLINK', KEYS[1]) end
redis.call('UNLINK', KEYS[2])`);

/** The session is over: whatever still works for it is void. */
export async function endSession(
  client: Redis,
  { run, session }: Pick<TrialPlace, 'run' | 'session'>,
): Promise<void> {
  await evaluate(client, endScript, [leaseKey(run), eventsKey(session)], [session]);
}
