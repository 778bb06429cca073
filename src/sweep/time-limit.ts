/** @file The budget of minutes, of all executions of a sweep together. */

export interface TimeLimit {
  /** Aborted when the time is over. */
  readonly signal: AbortSignal;
  readonly text: string;
  clear(): void;
}

/** Without minutes it never ends. */
export function timeLimit(minutes: number | undefined, spentSeconds: number): TimeLimit {
  const text = `the budget of ${minutes} minutes is spent`;
  const controller = new AbortController();
  const { signal } = controller;
  if (minutes === undefined) return { signal, text, clear: () => {} };
  const expire = () => controller.abort();
  const left = minutes * 60 - spentSeconds;
  if (left <= 0) expire();
  // A timer holds 2 ** 31 milliseconds, which is 24 days.
  const timer = left > 0 ? setTimeout(expire, Math.min(left * 1000, 2 ** 31 - 1)) : undefined;
  return { signal, text, clear: () => clearTimeout(timer) };
}
