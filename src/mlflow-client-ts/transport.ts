/** @file Requests to one server: who may send, what is tried again, how answers are read. */
import type { IncomingHttpHeaders } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { type Dispatcher, request } from 'undici';
import type { Connection } from './connection.ts';
import { createDispatchers } from './dispatchers.ts';
import { type Asked, errorOf, failureOf, unreadable } from './failures.ts';
import { createGate } from './gate.ts';
import { MlflowError } from './mlflow-error.ts';
import type { Json } from './read-wire.ts';
import { type OnRetry, type RetryRules, tryAgain } from './retry.ts';
import { createSignals } from './signals.ts';
import { unreadable as unreadableContent } from './sized-content.ts';
import type { CallOptions, Environment } from './types.ts';
import { wireJson } from './values.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Body = string | Uint8Array | Readable;

/** What the parts of the client may ask of a call, besides its user's wishes. */
export interface InnerOptions extends CallOptions {
  /** Never tried again: whoever asks does that. */
  readonly isOnce?: boolean;
}

export interface Call extends InnerOptions {
  readonly method: Method;
  /** Below the server's address, encoded; or a whole address elsewhere. */
  readonly path: string;
  readonly query?: URLSearchParams;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is; made anew for each try. */
  readonly body?: () => Body;
  /** Of a stream, in bytes. */
  readonly length?: number;
  readonly contentType?: string;
  /** A POST that changes nothing: it needs no place among the writes. */
  readonly isRead?: boolean;
  /** After a try that may have been carried out: the answer that it would have had, if it was. */
  readonly recover?: (options: InnerOptions) => Promise<Json | undefined>;
  /** After such a try: whether this refusal says that it was. */
  readonly isDone?: (refusal: MlflowError) => boolean;
  /** Whether the caller knows better than to try again. */
  readonly isFinal?: (refusal: MlflowError) => boolean;
}

export interface Transport {
  readonly connection: Connection;
  /** Throws an `MlflowError` where the answer is no JSON object. */
  json(call: Call): Promise<Json>;
  text(call: Call): Promise<string>;
  /** To be read to its end, or destroyed. */
  stream(call: Call): Promise<Readable>;
  /** Ends every call that is under way, and refuses all later ones. */
  close(): Promise<void>;
}

export interface TransportOptions {
  readonly connection: Connection;
  readonly env: Environment;
  /** Sent with every request; they win over our own. */
  readonly headers: Readonly<Record<string, string>>;
  readonly rules: RetryRules;
  readonly onRetry?: OnRetry;
  readonly signal?: AbortSignal;
  /** Hosts beside the server's own that are shown the credentials. */
  readonly trustedHosts: readonly string[];
}

/** MLflow's SQL store has a pool of 15 connections, and a batch takes more than one of them. */
const writesAtOnce = 4;

type Read<Result> = (answer: Dispatcher.ResponseData, attempt: Attempt) => Promise<Result>;

export function createTransport(options: TransportOptions): Transport {
  const { connection, env, rules } = options;
  const dispatchers = createDispatchers(connection, env, rules.timeout);
  const signals = createSignals();
  const gate = createGate(writesAtOnce);
  const parts = { ...options, dispatchers };
  const once = { ...rules, retries: 0 };

  async function send<Result>(call: Call, read: Read<Result>, done: (made: Json) => Result) {
    const { recover, isDone, isFinal, isOnce } = call;
    const linked = signals.link(options.signal, call.signal);
    const { signal } = linked;
    const end = () => linked[Symbol.dispose]();
    const asked = askedOf(call, connection);
    const attempt = () => attemptOnce(parts, call, { asked, signal, end }, read);
    const recovered = async () => {
      const made = await recover?.({ signal, isOnce: true });
      return made && done(made);
    };
    return tryAgain<Result>(
      {
        attempt: asked.isWrite ? () => gate(attempt, signal) : attempt,
        ...(recover ? { recover: recovered } : {}),
        settle: (refusal) => (isDone?.(refusal) ? done({}) : undefined),
        ...(isFinal ? { isFinal } : {}),
        onRetry: options.onRetry,
      },
      isOnce ? once : rules,
      signal,
    )
      .then((result) => {
        if (!(result instanceof Readable)) end();
        return result;
      })
      .catch((error: unknown) => {
        end();
        throw error;
      });
  }
  return {
    connection,
    json: (call) => send(call, readJson, (made) => made),
    text: (call) => send(call, readText, () => ''),
    stream: (call) => send(call, readStream, () => Readable.from([])),
    close() {
      const detail = 'the client was closed';
      signals.abort(new MlflowError({ request: `request to ${connection.uri}`, detail }));
      return dispatchers.destroy();
    },
  };
}

function askedOf({ method, path, isRead }: Call, { uri }: Connection): Asked {
  const url = URL.canParse(path) ? new URL(path) : undefined;
  const request = url
    ? `${method} ${url.pathname} at ${url.origin}`
    : `${method} ${path} at ${uri}`;
  return { request, isWrite: method !== 'GET' && !isRead };
}

interface Attempt {
  readonly asked: Asked;
  readonly signal: AbortSignal;
  /** To be called by whoever hands out a stream, at its end. */
  readonly end: () => void;
}

async function attemptOnce<Result>(
  parts: TransportOptions & { readonly dispatchers: ReturnType<typeof createDispatchers> },
  call: Call,
  attempt: Attempt,
  read: Read<Result>,
): Promise<Result> {
  const { asked, signal } = attempt;
  signal.throwIfAborted();
  const { connection, dispatchers, rules } = parts;
  const url = new URL(URL.canParse(call.path) ? call.path : connection.uri + call.path);
  if (call.query) url.search = call.query.toString();
  const content = contentOf(call);
  const milliseconds = Math.max(1, rules.timeout * 1000);
  try {
    const answer = await request(url, {
      method: call.method,
      dispatcher: dispatchers.of(url),
      signal,
      headersTimeout: milliseconds,
      bodyTimeout: milliseconds,
      headers: { ...ownHeaders(parts, url, call), ...parts.headers },
      body: content.body,
    });
    if (answer.statusCode < 200 || answer.statusCode >= 300)
      throw errorOf(asked, answer.statusCode, answer.headers, await answer.body.text());
    return await read(answer, attempt);
  } catch (error) {
    signal.throwIfAborted();
    const unread = content.failure();
    if (unread) throw unreadableContent(asked.request, unread);
    throw error instanceof MlflowError ? error : failureOf(asked, error);
  } finally {
    content.release();
  }
}

function ownHeaders(
  { connection, trustedHosts }: TransportOptions,
  url: URL,
  { json, body, contentType, length }: Call,
): IncomingHttpHeaders {
  const server = new URL(connection.uri);
  // Whoever makes an experiment chooses where its artifacts lie: another host gets no credentials.
  const isOwn = url.origin === server.origin || trustedHosts.includes(url.host);
  return {
    ...(isOwn ? connection.headers : {}),
    ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/octet-stream' }),
    ...(length === undefined ? {} : { 'content-length': String(length) }),
  };
}

/** The body, and what went wrong with its source: no fault of the server's. */
function contentOf({ json, body, length }: Call) {
  const content = json === undefined ? body?.() : wireJson(json);
  if (!(content instanceof Readable))
    return { body: content, failure: () => undefined, release: () => {} };
  let failure: Error | undefined;
  content.once('error', (error) => {
    failure ??= error;
  });
  const mismatch = (what: 'more' | 'fewer') => {
    failure = new Error(`it has ${what} bytes than the ${length} that were given`);
    return failure;
  };
  async function* chunks(source: Readable) {
    let bytes = 0;
    for await (const chunk of source) {
      bytes += Buffer.byteLength(chunk);
      if (bytes > (length ?? bytes)) throw mismatch('more');
      yield chunk;
    }
    if (bytes < (length ?? bytes)) throw mismatch('fewer');
  }
  const release = () => {
    content.destroy();
  };
  // Not the stream itself: undici destroys what it is given with the error of the connection.
  return { body: Readable.from(chunks(content)), failure: () => failure, release };
}

const readText: Read<string> = ({ body }) => body.text();

const readJson: Read<Json> = async ({ body }, { asked }) => {
  const text = await body.text();
  const value = parsed(text);
  if (typeof value !== 'object' || value === null) throw unreadable(asked.request, text);
  return value as Json;
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What breaks off later is told in the same words. */
const readStream: Read<Readable> = async ({ body }, { asked, signal, end }) => {
  const stream = new PassThrough();
  body.once('error', (error) =>
    stream.destroy(signal.aborted ? signal.reason : failureOf(asked, error)),
  );
  stream.once('close', () => {
    body.destroy();
    end();
  });
  return body.pipe(stream);
};
