/** @file Connections to Redis that wait and come back, and the check that one can be made at all. */
import { Redis } from 'ioredis';
import type { Attempt } from '../../engine/engine-plan.ts';
import type { RedisAddress } from './address.ts';

/** Milliseconds between attempts to reconnect: from a tenth of a second to three. */
const retryDelay = (times: number) => Math.min(3000, 50 * 2 ** Math.min(times, 10));

/**
 * Commands wait while the connection is lost, and those without an answer are sent once more: all
 * that we send may arrive twice. Losing it and having it back is told once each.
 */
export function connect({ url, shown }: RedisAddress, say: (line: string) => void): Redis {
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: retryDelay });
  let isLost = false;
  const lose = (reason: string) => {
    if (!isLost) say(`lost ${shown} (${reason}); trying again until it is back`);
    isLost = true;
  };
  // Only the message: the error of a refused password has the password in its command.
  client.on('error', (error: Error) => lose(error.message));
  client.on('reconnecting', () => lose('the connection was closed'));
  client.on('ready', () => {
    if (isLost) say(`${shown} is back`);
    isLost = false;
  });
  return client;
}

/** For further connections beside one that tells: they come and go in silence. */
export function connectQuietly({ url }: RedisAddress): Redis {
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: retryDelay });
  client.on('error', () => {});
  return client;
}

/** Whether Redis answers, before anything depends on it. */
export async function checkRedis({ url, shown }: RedisAddress): Promise<Attempt<object>> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 5000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let reason = '';
  client.on('error', (error: Error) => {
    reason ||= error.message;
  });
  try {
    await client.connect();
    await client.ping();
    return { ok: true };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { ok: false, reason: `${shown} cannot be used: ${reason || error.message}` };
  } finally {
    client.disconnect();
  }
}
