/** @file Numbers as MLflow reads and writes them: what JSON cannot say, and what it must not be sent. */
import { invalid } from './mlflow-error.ts';

/** NaN and infinities as MLflow spells them: bare ones would cost it the rest of the request. */
export function wireNumber(value: number): number | string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return 'Infinity';
  return value === Number.NEGATIVE_INFINITY ? '-Infinity' : value;
}

const largest = 1.7976931348623157e308;

/** The reverse: infinities come back as the largest numbers, and numbers may come as texts. */
export function readNumber(value: unknown): number {
  const number = typeof value === 'number' ? value : Number(value ?? 0);
  if (number >= largest) return Number.POSITIVE_INFINITY;
  return number <= -largest ? Number.NEGATIVE_INFINITY : number;
}

/** A step or a time in milliseconds: whole, and within 53 bits. A fraction is cut off. */
export function wireInteger(value: number, what: string, request: string): number {
  const whole = Math.trunc(value);
  if (Number.isSafeInteger(whole)) return whole === 0 ? 0 : whole;
  throw invalid(request, `${what} must be a whole number within 53 bits, got ${value}`);
}

/** A parameter or tag: MLflow stores anything but a text as nothing, and drops what follows. */
export function wireText(value: unknown, what: string, request: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  throw invalid(request, `${what} must be a text, a number or a boolean, got ${value}`);
}
