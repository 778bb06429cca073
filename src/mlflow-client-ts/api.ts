/** @file What the parts of the client share: the transport, and where warnings go. */
import { pagesOf } from './pages.ts';
import type { Json } from './read-wire.ts';
import type { Call, Method, Transport } from './transport.ts';
import type { CallOptions } from './types.ts';
import type { Warn } from './write-wire.ts';

export interface Api {
  readonly transport: Transport;
  readonly warn: Warn;
}

export const root = '/api/2.0/mlflow';

/** What an error calls a request that was never sent. */
export const named = (method: Method, path: string) => `${method} ${root}${path}`;

export const post = (
  { transport }: Api,
  path: string,
  json: unknown,
  options: CallOptions & Partial<Call> = {},
): Promise<unknown> => transport.json({ method: 'POST', path: root + path, json, ...options });

/** Repeated keys by lists; undefined is left out. */
export function get(
  { transport }: Api,
  path: string,
  parameters: Readonly<Record<string, string | number | readonly string[] | undefined>>,
  { signal }: CallOptions = {},
): Promise<unknown> {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters))
    for (const each of [value].flat()) if (each !== undefined) query.append(key, String(each));
  return transport.json({ method: 'GET', path: root + path, query, signal });
}

interface Pages<Item> {
  readonly path: string;
  /** Of the list in the answer. */
  readonly list: string;
  readonly read: (wire: Json) => Item;
}

/** A search by POST, page after page. */
export const postPages = <Item>(
  api: Api,
  { path, list, read }: Pages<Item>,
  body: Json,
  { signal }: CallOptions = {},
): AsyncGenerator<Item> =>
  pagesOf(
    (token) => post(api, path, { ...body, page_token: token }, { signal, isRead: true }),
    list,
    read,
  );

/** The same by GET. */
export const getPages = <Item>(
  api: Api,
  { path, list, read }: Pages<Item>,
  parameters: Parameters<typeof get>[2],
  options?: CallOptions,
): AsyncGenerator<Item> =>
  pagesOf((token) => get(api, path, { ...parameters, page_token: token }, options), list, read);
