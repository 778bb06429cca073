/** @file What workers tell, read from a session's stream in order and taken out of it. */
import type { Redis } from 'ioredis';
import { eventsKey } from './keys.ts';

/** A worker took a trial, or tells of it. */
export type WorkerMessage =
  | {
      readonly type: 'taken';
      readonly number: number;
      readonly attempt: string;
      readonly round: number;
      readonly worker: string;
    }
  | {
      readonly type: 'told';
      readonly number: number;
      readonly attempt: string;
      /** JSON. */
      readonly events: string;
    };

const blockMilliseconds = 2000;
const mostAtOnce = 100;

/**
 * Reads until it is aborted; `reader` is a connection of its own, since reading blocks it. A
 * connection that is lost and found again goes on behind the message that was handled last.
 */
export async function readMessages(
  reader: Redis,
  writer: Redis,
  session: string,
  signal: AbortSignal,
  handle: (message: WorkerMessage) => Promise<void>,
): Promise<void> {
  const key = eventsKey(session);
  let last = '0';
  while (!signal.aborted) {
    const entries = await readEntries(reader, key, last, signal);
    for (const [id, fields] of entries) {
      const message = messageOf(fields);
      if (message) await handle(message);
      last = id;
    }
    if (entries.length > 0 && !signal.aborted) await writer.xdel(key, ...entries.map(([id]) => id));
  }
}

type Entry = [id: string, fields: string[]];

async function readEntries(
  reader: Redis,
  key: string,
  last: string,
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const args = ['COUNT', mostAtOnce, 'BLOCK', blockMilliseconds, 'STREAMS', key, last] as const;
  try {
    const streams = await reader.xread(...args);
    return streams?.flatMap(([, entries]) => entries as Entry[]) ?? [];
  } catch (error) {
    // The connection is closed to end the reading.
    if (signal.aborted) return [];
    throw error;
  }
}

function messageOf(fields: readonly string[]): WorkerMessage | undefined {
  const values: Record<string, string> = {};
  for (let at = 0; at + 1 < fields.length; at += 2) values[fields[at] ?? ''] = fields[at + 1] ?? '';
  const { number, attempt, round, worker, events } = values;
  if (number === undefined || attempt === undefined) return undefined;
  const about = { number: Number(number), attempt };
  if (events !== undefined) return { type: 'told', ...about, events };
  if (round === undefined) return undefined;
  return { type: 'taken', ...about, round: Number(round), worker: worker ?? '' };
}
