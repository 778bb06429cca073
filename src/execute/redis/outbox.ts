/** @file Events of one attempt on their way to the runner: in order, together where they wait. */
import type { Redis } from 'ioredis';
import type { TrialEvent } from '../trial-event.ts';
import { storeBytes } from './bytes.ts';
import { type AttemptPlace, tellEvents, type Verdict } from './scripts.ts';
import { bytesOf, isLast, toWire } from './wire-event.ts';

export interface Outbox {
  push(event: TrialEvent): void;
  /** Resolves when nothing waits any more. */
  emptied(): Promise<void>;
}

/**
 * How long events gather before a message: a decision about a trial is late by so much at most,
 * and epochs of some milliseconds cost ten messages a second and not hundreds.
 */
const gatherMilliseconds = 100;
const mostInMessage = 1000;

/**
 * `onVerdict` hears what the runner wants after each message; once it is `void`, nothing is sent.
 * Of checkpoints and progress only the newest waits: the runner would not keep the others.
 */
export function createOutbox(
  client: Redis,
  place: AttemptPlace,
  onVerdict: (verdict: Verdict) => void,
  say: (line: string) => void,
): Outbox {
  const waiting: TrialEvent[] = [];
  let sending: Promise<void> | undefined;
  let hurry = () => {};
  let isVoid = false;
  let sequence = 0;
  const sendAll = async () => {
    while (waiting.length > 0 && !isVoid) {
      const events = waiting.splice(0, mostInMessage);
      sequence += 1;
      const verdict = await untilTold(() => send(client, place, sequence, events), say);
      isVoid = verdict === 'void';
      onVerdict(verdict);
      if (!isVoid && !waiting.some(isLast) && !events.some(isLast))
        await unlessHurried(gatherMilliseconds, (now) => {
          hurry = now;
        });
    }
    sending = undefined;
  };
  return {
    push(event) {
      if (isVoid) return;
      const replaced = waiting.findLastIndex((other) => replaces(event, other));
      if (replaced >= 0) waiting.splice(replaced, 1);
      waiting.push(event);
      sending ??= sendAll();
      if (isLast(event)) hurry();
    },
    async emptied() {
      hurry();
      while (sending) await sending;
    },
  };
}

/** `hand` gets a function that ends the waiting at once. */
function unlessHurried(milliseconds: number, hand: (now: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    hand(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

const replaces = (event: TrialEvent, other: TrialEvent) =>
  (event.type === 'progress' && other.type === 'progress') ||
  (event.type === 'checkpoint' && other.type === 'checkpoint');

async function send(
  client: Redis,
  place: AttemptPlace,
  sequence: number,
  events: readonly TrialEvent[],
): Promise<Verdict> {
  const wires: object[] = [];
  let checkpoint = '';
  for (const event of events) {
    const bytes = bytesOf(event);
    const stored = bytes && (await storeBytes(client, place.session, bytes));
    wires.push(toWire(event, stored));
    if (event.type === 'checkpoint') checkpoint = JSON.stringify(stored);
  }
  const message = { sequence, events: JSON.stringify(wires), checkpoint };
  return tellEvents(client, place, { ...message, isLast: events.some(isLast) });
}

/** What Redis refuses now (it is full, or still loading) it may take later. */
async function untilTold(
  tell: () => Promise<Verdict>,
  say: (line: string) => void,
): Promise<Verdict> {
  for (let tries = 0; ; tries++) {
    try {
      return await tell();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (tries === 0) say(`Redis does not take events: ${error.message}; trying again`);
      await new Promise((resolve) => setTimeout(resolve, Math.min(10_000, 500 * 2 ** tries)));
    }
  }
}
