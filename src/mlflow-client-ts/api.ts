/** @file What the parts of the client share: the transport, where warnings go, the ways to ask. */
import { pagesOf } from './pages.ts';
import type { Json } from './read-wire.ts';
import type { Call, InnerOptions, Method, Transport } from './transport.ts';
import type { Warn } from './write-wire.ts';

export interface Api {
  readonly transport: Transport;
  readonly warn: Warn;
}

export const root = '/api/2.0/mlflow';

/** What an error calls a request that was never sent. */
export const named = (method: Method, path: string) => `${method} ${root}${path}`;

type SendOptions = InnerOptions & Pick<Call, 'isRead' | 'recover' | 'isDone' | 'isFinal'>;

export function send(
  { transport }: Api,
  method: Method,
  path: string,
  json?: unknown,
  options: SendOptions = {},
): Promise<Json> {
  return transport.json({ ...options, method, path: root + path, json });
}

export const post = (api: Api, path: string, json: unknown, options?: SendOptions): Promise<Json> =>
  send(api, 'POST', path, json, options);

type Parameters = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** Repeated keys by lists; undefined is left out. */
export function get(
  { transport }: Api,
  path: string,
  parameters: Parameters,
  { signal, isOnce }: InnerOptions = {},
): Promise<Json> {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters))
    for (const each of [value].flat()) if (each !== undefined) query.append(key, String(each));
  return transport.json({ method: 'GET', path: root + path, query, signal, isOnce });
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
  { signal, isOnce }: InnerOptions = {},
): AsyncGenerator<Item, void, undefined> =>
  pagesOf(
    (token) => post(api, path, { ...body, page_token: token }, { signal, isOnce, isRead: true }),
    list,
    read,
  );

/** The same by GET. */
export const getPages = <Item>(
  api: Api,
  { path, list, read }: Pages<Item>,
  parameters: Parameters,
  options?: InnerOptions,
): AsyncGenerator<Item, void, undefined> =>
  pagesOf((token) => get(api, path, { ...parameters, page_token: token }, options), list, read);
