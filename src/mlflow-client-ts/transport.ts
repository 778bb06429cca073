/** @file Requests with MLflow's rules for trying again: who may send, what is repeated, what is told. */
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import type { Connection, Environment } from './connection.ts';
import { errorOf, failureOf, unreadable } from './failures.ts';
import { MlflowError } from './mlflow-error.ts';
import type { CallOptions } from './types.ts';

export interface RetryOptions {
  /** After the first try. Default: MLFLOW_HTTP_REQUEST_MAX_RETRIES, else 7. */
  readonly retries?: number;
  /** Seconds; waits double from it. Default: MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR, else 2. */
  readonly backoff?: number;
  /** Seconds added at random, at most. Default: MLFLOW_HTTP_REQUEST_BACKOFF_JITTER, else 1. */
  readonly jitter?: number;
  /** Seconds without an answer. Default: MLFLOW_HTTP_REQUEST_TIMEOUT, else 120. */
  readonly timeout?: number;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Call extends CallOptions {
  readonly method: Method;
  /** Below the server's address, encoded. */
  readonly path: string;
  readonly query?: URLSearchParams;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is; made anew for each try. */
  readonly body?: () => Dispatcher.DispatchOptions['body'];
  readonly contentType?: string;
  /** POST that changes nothing: it needs no place among the writes. */
  readonly isRead?: boolean;
  /** After a try that may have been carried out: what it made, if it did. */
  readonly recover?: () => Promise<unknown>;
}

export interface Transport {
  readonly connection: Connection;
  /** The answer's JSON, or its text where it is none; throws an `MlflowError`. */
  json(call: Call): Promise<unknown>;
  text(call: Call): Promise<string>;
  /** The caller reads it to its end. */
  stream(call: Call): Promise<NodeJS.ReadableStream>;
  close(): Promise<void>;
}

/** MLflow's SQL store has a pool of 15 connections and takes two for a batch. */
const writesAtOnce = 4;
/** Of an answer 500 in HTML: no more than this is repeated. */
const htmlRetries = 2;

export function createTransport(
  connection: Connection,
  env: Environment,
  headers: Readonly<Record<string, string>>,
  options: RetryOptions = {},
): Transport {
  const rules = rulesOf(options, env);
  const dispatcher = dispatcherOf(connection, env, rules.timeout);
  const writes = createGate(writesAtOnce);
  const sendOnce = async (call: Call) => {
    const search = call.query?.size ? `?${call.query}` : '';
    return request(`${connection.uri}${call.path}${search}`, {
      method: call.method,
      dispatcher,
      signal: call.signal,
      headers: { ...headers, ...connection.headers, ...contentHeaders(call) },
      body: call.json === undefined ? call.body?.() : JSON.stringify(call.json),
    });
  };
  const attempt = async (call: Call) => {
    const where = `${call.method} ${call.path} at ${connection.uri}`;
    try {
      const answer = await sendOnce(call);
      if (answer.statusCode < 400) return answer;
      throw errorOf(where, answer.statusCode, answer.headers, await answer.body.text());
    } catch (error) {
      throw error instanceof MlflowError || call.signal?.aborted ? error : failureOf(where, error);
    }
  };
  const send = (call: Call) => {
    const isWrite = call.method !== 'GET' && !call.isRead;
    return isWrite ? writes(() => repeat(call, attempt, rules)) : repeat(call, attempt, rules);
  };
  const text = async (call: Call): Promise<string> => {
    const answer = await send(call);
    return 'recovered' in answer ? JSON.stringify(answer.recovered) : answer.body.text();
  };
  return {
    connection,
    text,
    async json(call) {
      const body = await text(call);
      if (body.trim() === '') return {};
      try {
        return JSON.parse(body);
      } catch {
        throw unreadable(`${call.method} ${call.path} at ${connection.uri}`, body);
      }
    },
    async stream(call) {
      const answer = await send(call);
      if ('recovered' in answer) throw new Error('internal: a download has nothing to recover');
      return answer.body;
    },
    close: () => dispatcher.close(),
  };
}

type Rules = Required<RetryOptions>;

function rulesOf(given: RetryOptions, env: Environment): Rules {
  const number = (name: string, byDefault: number) => {
    const value = Number(env[`MLFLOW_HTTP_REQUEST_${name}`] || Number.NaN);
    return Number.isFinite(value) && value >= 0 ? value : byDefault;
  };
  return {
    retries: given.retries ?? number('MAX_RETRIES', 7),
    backoff: given.backoff ?? number('BACKOFF_FACTOR', 2),
    jitter: given.jitter ?? number('BACKOFF_JITTER', 1),
    timeout: given.timeout ?? number('TIMEOUT', 120),
  };
}

function dispatcherOf({ tls }: Connection, env: Environment, timeout: number): Dispatcher {
  const milliseconds = Math.max(1, timeout * 1000);
  const common = {
    headersTimeout: milliseconds,
    bodyTimeout: milliseconds,
    connect: { ...tls, timeout: Math.min(10_000, milliseconds) },
  };
  const [http, https] = [env.http_proxy ?? env.HTTP_PROXY, env.https_proxy ?? env.HTTPS_PROXY];
  if (!http && !https) return new Agent(common);
  const none = env.no_proxy ?? env.NO_PROXY;
  return new EnvHttpProxyAgent({
    ...common,
    httpProxy: http,
    httpsProxy: https,
    noProxy: none,
    requestTls: tls,
  });
}

const contentHeaders = ({ json, body, contentType }: Call) =>
  json !== undefined
    ? { 'content-type': 'application/json' }
    : body
      ? { 'content-type': contentType ?? 'application/octet-stream' }
      : {};

type Answer = Awaited<ReturnType<typeof request>> | { readonly recovered: unknown };

async function repeat(
  call: Call,
  attempt: (call: Call) => Promise<Awaited<ReturnType<typeof request>>>,
  rules: Rules,
): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(call);
    } catch (error) {
      const limit = isHtml(error) ? Math.min(htmlRetries, rules.retries) : rules.retries;
      if (!(error instanceof MlflowError) || !error.isRetryable || tries > limit) throw error;
      await wait(1000 * pauseSeconds(tries, rules, error.retryAfter), undefined, {
        signal: call.signal,
      });
      const recovered = error.isUncertain ? await call.recover?.() : undefined;
      if (recovered !== undefined) return { recovered };
    }
  }
}

const isHtml = (error: unknown) =>
  error instanceof MlflowError && error.status === 500 && error.code === null;

const longestPauseSeconds = 120;

/** As the Python client waits, but for its first repetition, which comes at once there. */
function pauseSeconds(tries: number, { backoff, jitter }: Rules, retryAfter: number | null) {
  if (retryAfter !== null) return Math.min(longestPauseSeconds, retryAfter);
  const pause = tries === 1 ? backoff / 4 : backoff * 2 ** (tries - 1);
  return Math.min(longestPauseSeconds, pause) + jitter * Math.random() * Math.min(1, tries / 2);
}

/** Lets so many through at once, the others in their order. */
function createGate(places: number) {
  const waiting: (() => void)[] = [];
  let free = places;
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((enter) => waiting.push(enter));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
