/** @file Answers and failures of every kind as an `MlflowError`: JSON, HTML, texts, no answer at all. */
import type { IncomingHttpHeaders } from 'node:http';
import { MlflowError } from './mlflow-error.ts';

/** What MLflow's own client repeats. */
const retryable = new Set([408, 429, 500, 502, 503, 504]);
/** Statuses whose request was surely not carried out. */
const refused = new Set([429, 503]);

export function errorOf(
  request: string,
  status: number,
  headers: IncomingHttpHeaders,
  body: string,
): MlflowError {
  const { code, message } = readBody(body);
  // The pool of database connections ran out: transient, though it looks like our mistake.
  const isPool = status === 400 && /QueuePool limit/.test(message);
  const isRetryable = retryable.has(status) || isPool;
  return new MlflowError({
    request,
    status,
    code,
    detail: `${status} ${code ?? ''} ${message}`.replace(/\s+/g, ' ').trim(),
    isRetryable,
    isUncertain: isRetryable && !refused.has(status),
    hint: hintFor(status, message, code),
    retryAfter: [413, 429, 503].includes(status) ? secondsOf(headers['retry-after']) : null,
  });
}

function readBody(body: string): { code: string | null; message: string } {
  try {
    const parsed: unknown = JSON.parse(body);
    const { error_code: code, message } = Object(parsed);
    if (typeof code === 'string') return { code, message: String(message ?? '') };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const isHtml = /^\s*<(!doctype|html)/i.test(body);
  const text = isHtml ? (/<title>([^<]*)<\/title>/i.exec(body)?.[1] ?? 'a page of HTML') : body;
  return { code: null, message: text.slice(0, 400) };
}

function hintFor(status: number, message: string, code: string | null): string | null {
  if (status === 403 && /Invalid Host header/i.test(message))
    return 'The server does not know itself by this name: start it with --allowed-hosts, or set MLFLOW_SERVER_ALLOWED_HOSTS';
  if (status === 403 && /Cross-origin/i.test(message))
    return 'The server refuses requests from this origin: start it with --cors-allowed-origins';
  if (status === 401)
    return 'Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN';
  if (status === 403) return 'The account is known but not allowed to do this';
  if (status === 404 && code === null)
    return 'No MLflow API answers there: is the address right, with its path?';
  return null;
}

/** Seconds, or an HTTP date. */
function secondsOf(header: string | string[] | undefined): number | null {
  const text = [header].flat()[0];
  if (text === undefined) return null;
  if (/^\d+$/.test(text.trim())) return Number(text);
  const until = Date.parse(text);
  return Number.isNaN(until) ? null : Math.max(0, (until - Date.now()) / 1000);
}

/** Of the machine or the network: nobody was there to carry anything out. */
const unreached = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** Waiting changes nothing about a certificate. */
const lasting = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|EPROTO|ERR_SSL|ERR_OSSL/;

/** No answer came, or not all of it. */
export function failureOf(request: string, error: unknown): MlflowError {
  const code = codeOf(error);
  const isLasting = lasting.test(code);
  const text = error instanceof Error ? error.message : String(error);
  return new MlflowError({
    request,
    detail: `no answer (${[code, text].filter(Boolean).join(': ')})`,
    isRetryable: !isLasting,
    isUncertain: !isLasting && !unreached.has(code),
    hint: isLasting
      ? 'The connection is not trusted: MLFLOW_TRACKING_SERVER_CERT_PATH names the authority’s certificate'
      : unreached.has(code)
        ? 'Is the server running, and the address right?'
        : null,
    cause: error,
  });
}

/** Node wraps: the code may be the cause's, or one of several addresses'. */
function codeOf(error: unknown): string {
  const { code, cause, errors } = Object(error);
  if (typeof code === 'string') return code;
  if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  return cause === undefined ? '' : codeOf(cause);
}

/** A good status, but not the JSON that MLflow gives: another server, or a proxy's page. */
export const unreadable = (request: string, body: string): MlflowError =>
  new MlflowError({
    request,
    detail: `expected JSON, got "${body.slice(0, 80).replace(/\s+/g, ' ')}"`,
    hint: 'No MLflow API answers there: is the address right, with its path?',
  });
