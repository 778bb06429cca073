/** @file Numbers and texts as MLflow reads them: what JSON cannot say, and what must not be sent. */
import { invalid } from './mlflow-error.ts';

/** NaN and infinities as MLflow spells them: bare ones would cost it the rest of the request. */
export function wireNumber(value: number): number | string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return 'Infinity';
  return value === Number.NEGATIVE_INFINITY ? '-Infinity' : value;
}

const largest = Number.MAX_VALUE;

/** The reverse: infinities come back as the largest numbers, and numbers may come as texts. */
export function readNumber(value: unknown): number {
  const number = typeof value === 'number' ? value : Number(value ?? 0);
  if (number >= largest) return Number.POSITIVE_INFINITY;
  return number <= -largest ? Number.NEGATIVE_INFINITY : number;
}

/** A step or a time in milliseconds: whole, and within 53 bits. A fraction is cut off. */
export function wireInteger(value: unknown, what: string, request: string): number {
  const whole = typeof value === 'number' ? Math.trunc(value) : Number.NaN;
  if (Number.isSafeInteger(whole)) return whole === 0 ? 0 : whole;
  throw invalid(request, `${what} must be a whole number within 53 bits, got ${shown(value)}`);
}

/** A time: MLflow has none before 1970. */
export function wireTime(value: unknown, what: string, request: string): number {
  const time = wireInteger(value, what, request);
  if (time >= 0) return time;
  throw invalid(request, `${what} must be milliseconds since 1970, got ${shown(value)}`);
}

/** A parameter or a tag: MLflow stores anything but a text as nothing, and drops what follows. */
export function wireText(value: unknown, what: string, request: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  throw invalid(
    request,
    `${what} must be a text, a number or a boolean, got ${shown(value)}`,
    'JSON.stringify makes a text of anything else',
  );
}

/**
 * What is sent. Half a surrogate pair costs MLflow the rest of the request, and PostgreSQL refuses a
 * whole batch for a zero byte: both become U+FFFD.
 */
export function wireJson(json: unknown): string {
  const text = JSON.stringify(json);
  if (!/\\u(d[89a-f]|0000)/i.test(text)) return text;
  return JSON.stringify(json, (_, value) =>
    typeof value === 'string' ? value.replace(/\p{Surrogate}|\0/gu, '\uFFFD') : value,
  );
}

/** What may be left out. */
export const optionalText = (value: unknown, what: string, request: string): string | undefined =>
  value === undefined || value === null ? undefined : wireText(value, what, request);

/** One of the words that MLflow knows: it reads none of what follows another one. */
export function wireChoice<Choice extends string>(
  value: Choice,
  choices: readonly Choice[],
  what: string,
  request: string,
): Choice {
  if (choices.includes(value)) return value;
  throw invalid(request, `${what} must be ${choices.join(', ')}, got ${shown(value)}`);
}

/** A number or a name by which something is found: never empty. */
export function wireId(value: unknown, what: string, request: string): string {
  const text = wireText(value, what, request);
  if (text !== '') return text;
  throw invalid(request, `${what} must not be empty`);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'object' && value !== null
    ? Array.isArray(value)
      ? 'a list'
      : 'an object'
    : String(value);
}
