/** @file Where Redis is: read and checked once, and shown without its password ever after. */
import type { Attempt } from '../../engine/engine-plan.ts';

/** A checked `redis://` or `rediss://` address. It may hold a password: only `shown` is for people. */
export interface RedisAddress {
  readonly url: string;
  readonly shown: string;
}

/** The reason does not repeat the text, which may hold a password. */
export function readAddress(text: string): Attempt<{ address: RedisAddress }> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') {
    const reason =
      'expected the address of Redis as redis://[user:password@]host[:port][/database], or rediss:// with TLS; special characters of a password are percent-encoded';
    return { ok: false, reason };
  }
  const user = url.username || url.password ? '***@' : '';
  const { protocol, host, pathname } = url;
  const database = pathname === '/' ? '' : pathname;
  return { ok: true, address: { url: text, shown: `${protocol}//${user}${host}${database}` } };
}
