/** @file What a runner does all the time: it says that it is there, and looks after its trials. */
import type { Redis } from 'ioredis';
import { keepBytes, keptMilliseconds } from './bytes.ts';
import { trialKey } from './keys.ts';
import { jobIdOf, offer, type Pending, type Session } from './pending-trials.ts';
import { renewLease } from './scripts.ts';

export interface SessionWatch {
  [Symbol.dispose](): void;
}

/** `onSuperseded`: another runner speaks for the run. */
export function watchSession(
  session: Session,
  times: { readonly lease: number; readonly renew: number },
  onSuperseded: () => void,
): SessionWatch {
  const missing = new Set<string>();
  let keptAt = performance.now();
  let isBusy = false;
  let quietTurns = 0;
  const turn = async () => {
    const { client, say } = session;
    if (!(await renewLease(client, session, times.lease))) return onSuperseded();
    await offerMissing(session, missing);
    if (performance.now() - keptAt > keptMilliseconds / 6) {
      keptAt = performance.now();
      for (const trial of [...session.pending.values()]) await keep(session, trial, client);
    }
    quietTurns = isQuiet(session) ? quietTurns + 1 : 0;
    if (quietTurns === 2 && (await session.queue.getWorkersCount()) === 0)
      say('no worker is there yet: start one with run-experiment worker --redis …');
  };
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    turn()
      .catch((error: unknown) => session.say(`Redis: ${String(error)}`))
      .finally(() => {
        isBusy = false;
      });
  }, times.renew);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

const isQuiet = ({ pending }: Session) =>
  pending.size > 0 && [...pending.values()].every(({ attempt }) => attempt === null);

/**
 * Jobs that are no longer in the queue, though their trials have not ended: a worker dropped them
 * because the runner seemed gone, or Redis started anew without its memory. What is missing twice
 * is offered again; if its last event comes after all, it comes from a round that is over.
 */
async function offerMissing(session: Session, missing: Set<string>): Promise<void> {
  const { client, queue } = session;
  const trials = [...session.pending.values()].filter(({ round }) => round > 0);
  const before = new Set(missing);
  missing.clear();
  const keyOf = (trial: Pending) => queue.toKey(jobIdOf(session, trial));
  const found = trials.length === 0 ? 0 : await client.exists(...trials.map(keyOf));
  if (found === trials.length) return;
  for (const trial of trials) {
    const id = jobIdOf(session, trial);
    if ((await client.exists(keyOf(trial))) > 0) continue;
    if (session.pending.get(trial.job.number) !== trial) continue;
    if (!before.has(id)) missing.add(id);
    else {
      session.say(`trial ${trial.job.number} was dropped by its worker; it is offered again`);
      await offer(session, trial);
    }
  }
}

async function keep({ session }: Session, { job, checkpoint }: Pending, client: Redis) {
  await client.pexpire(trialKey(session, job.number), keptMilliseconds);
  if (checkpoint) await keepBytes(client, session, checkpoint);
}
