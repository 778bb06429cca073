/** @file Answers that are no success, and no answers at all, as an `MlflowError`. */
import type { IncomingHttpHeaders } from 'node:http';
import { withoutCredentials } from './address.ts';
import { hintFor, notMlflow, untrusted } from './hints.ts';
import { MlflowError } from './mlflow-error.ts';

/** What an answer answers. */
export interface Asked {
  /** `POST /api/2.0/mlflow/runs/create at http://127.0.0.1:5000` */
  readonly request: string;
  /** Whether it changes anything: only then may a lost answer leave a doubt. */
  readonly isWrite: boolean;
}

/** What MLflow's Python client repeats. */
const transient = new Set([408, 429, 500, 502, 503, 504]);
const saysWhen = new Set([413, 429, 503]);

export function errorOf(
  { request, isWrite }: Asked,
  status: number,
  headers: IncomingHttpHeaders,
  body: string,
): MlflowError {
  const { code, message } = readBody(body);
  const retryAfter = saysWhen.has(status) ? secondsOf(headers['retry-after']) : null;
  const isRetryable =
    transient.has(status) ||
    isPassing(code, message) ||
    // Too large today, and the server says when it will not be.
    (status === 413 && retryAfter !== null);
  const place = status < 400 ? withoutCredentials(String(headers.location ?? 'nowhere')) : null;
  const said = place === null ? message : `it sends on to ${place}`;
  return new MlflowError({
    request,
    status,
    code,
    // Some pages begin with their status themselves.
    detail: [status, code, said.replace(new RegExp(`^${status} `), '')].filter(Boolean).join(' '),
    isRetryable,
    // Whom the rate limit stops has not been let in.
    isUncertain: isWrite && isRetryable && status !== 429 && status !== 413,
    hint: hintFor({ status, message, code }),
    retryAfter,
  });
}

/**
 * Refusals in MLflow's words that are none: the pool of database connections ran out, or another
 * request, perhaps this one's own lost forerunner, wrote the same row at the same moment.
 */
const isPassing = (code: string | null, message: string) =>
  code === 'BAD_REQUEST' && (/QueuePool limit/.test(message) || doubleRow.test(message));

const doubleRow = /UNIQUE constraint failed|UniqueViolation|duplicate key value|Duplicate entry/;

/** A row that is there already, in the words of the databases; MLflow's own word has a code of its own. */
export const isDoubleRow = ({ code, detail }: MlflowError): boolean =>
  code === 'BAD_REQUEST' && doubleRow.test(detail);

/**
 * Whether trying again helps only where something passed by: an answer 500 that is not MLflow's own
 * may mean that it cannot read the request, and a row that is there twice may be there for good.
 */
export const isDoubtful = (error: MlflowError): boolean =>
  (error.status === 500 && error.code === null) || isDoubleRow(error);

const longestMessage = 500;

/** MLflow's JSON, a proxy's page, a line of text, or nothing. */
function readBody(body: string): { code: string | null; message: string } {
  const parsed = parseObject(body);
  const [code, message] = [parsed?.error_code, parsed?.message];
  const isOwn = typeof code === 'string';
  return { code: isOwn ? code : null, message: shortened(isOwn ? String(message ?? '') : body) };
}

function parseObject(body: string): Readonly<Record<string, unknown>> | null {
  try {
    return Object(JSON.parse(body));
  } catch {
    return null; // HTML or text: it is read as such.
  }
}

/** One line; of a page its title; of a database's words not the statement with all its values. */
function shortened(message: string): string {
  const isPage = /^\s*<(!doctype|html)/i.test(message);
  const title = /<title>([^<]*)<\/title>/i.exec(message)?.[1] ?? 'a page of HTML';
  const [text = ''] = (isPage ? title : message).split(/\s*\n?\[SQL: /);
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > longestMessage ? `${line.slice(0, longestMessage)}…` : line;
}

/** Seconds, or an HTTP date. */
function secondsOf(header: string | string[] | undefined): number | null {
  const text = [header].flat()[0]?.trim();
  if (!text) return null;
  if (/^\d+$/.test(text)) return Number(text);
  const until = Date.parse(text);
  return Number.isNaN(until) ? null : Math.max(0, (until - Date.now()) / 1000);
}

/** Nobody was there to carry anything out. */
const unreached = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** Waiting changes nothing about a certificate. */
const lasting =
  /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|ERR_TLS|EPROTO|ERR_SSL|ERR_OSSL|UND_ERR_PRX_TLS/;

/** No answer came, or not all of it. */
export function failureOf({ request, isWrite }: Asked, error: unknown): MlflowError {
  const code = codeOf(error);
  const isLasting = lasting.test(code);
  const text = error instanceof Error ? error.message : String(error);
  return new MlflowError({
    request,
    detail: `no answer (${[code, text].filter(Boolean).join(': ')})`,
    isRetryable: !isLasting,
    isUncertain: isWrite && !isLasting && !unreached.has(code),
    hint: isLasting
      ? untrusted
      : unreached.has(code)
        ? 'Is the server running, and the address right?'
        : null,
    cause: error,
  });
}

/** Node wraps: the code may be the cause's, or one of several addresses'. */
function codeOf(error: unknown): string {
  const { code, cause, errors } = Object(error);
  if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  if (typeof code === 'string') return code;
  return cause === undefined ? '' : codeOf(cause);
}

/** A good status, but not the JSON that MLflow gives: another server, or a proxy's page. */
export const unreadable = (request: string, body: string): MlflowError =>
  new MlflowError({
    request,
    detail: `expected MLflow's JSON, got "${shortened(body).slice(0, 80)}"`,
    hint: notMlflow,
  });
