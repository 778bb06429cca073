/** @file When a call is tried again, how often, and after which pause: the Python client's rules. */
import { setTimeout as wait } from 'node:timers/promises';
import { isDoubtful } from './failures.ts';
import { afterTries, invalid, MlflowError } from './mlflow-error.ts';
import type { Environment } from './types.ts';

export interface RetryOptions {
  /** After the first try. Default: MLFLOW_HTTP_REQUEST_MAX_RETRIES, else 7. */
  readonly retries?: number;
  /** Seconds; pauses double from it. Default: MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR, else 2. */
  readonly backoff?: number;
  /** Seconds added at random, at most. Default: MLFLOW_HTTP_REQUEST_BACKOFF_JITTER, else 1. */
  readonly jitter?: number;
  /** Seconds without an answer, or within it. Default: MLFLOW_HTTP_REQUEST_TIMEOUT, else 120. */
  readonly timeout?: number;
  /**
   * Whether a server's Retry-After counts instead of the pause.
   * Default: MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER, else true.
   */
  readonly obeysRetryAfter?: boolean;
}

export type RetryRules = Required<RetryOptions>;

export function retryRules(given: RetryOptions, env: Environment): RetryRules {
  const number = (option: keyof RetryOptions, name: string, byDefault: number): number => {
    const value = given[option] ?? (env[name] || byDefault);
    const isGood = Number.isFinite(Number(value)) && Number(value) >= 0;
    if (isGood) return Number(value);
    throw invalid(
      'connect',
      `${given[option] === undefined ? name : `retry.${option}`} must be a number from 0, got "${value}"`,
    );
  };
  const obeys = env.MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER || 'true';
  return {
    retries: number('retries', 'MLFLOW_HTTP_REQUEST_MAX_RETRIES', 7),
    backoff: number('backoff', 'MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR', 2),
    jitter: number('jitter', 'MLFLOW_HTTP_REQUEST_BACKOFF_JITTER', 1),
    timeout: number('timeout', 'MLFLOW_HTTP_REQUEST_TIMEOUT', 120),
    obeysRetryAfter: given.obeysRetryAfter ?? /^(true|1)$/i.test(obeys),
  };
}

export interface Tries<Answer> {
  readonly attempt: () => Promise<Answer>;
  /** Before a try that might make a second one: what an earlier try made after all. */
  readonly recover?: () => Promise<Answer | undefined>;
  /** Whether this refusal only says that an earlier try was carried out; its answer then. */
  readonly settle?: (refusal: MlflowError) => Answer | undefined;
  /** Whether the caller knows better than to try again. */
  readonly isFinal?: (refusal: MlflowError) => boolean;
  /** Told before each pause. */
  readonly onRetry?: OnRetry;
}

/** What went wrong, and in how many seconds it is tried again. */
export type OnRetry = (error: MlflowError, seconds: number) => void;

export async function tryAgain<Answer>(
  { attempt, recover, settle, isFinal, onRetry }: Tries<Answer>,
  rules: RetryRules,
  signal: AbortSignal,
): Promise<Answer> {
  // Once in doubt, always: a request on its way may be carried out later than it is looked for.
  let mayBeDone = false;
  for (let tries = 1; ; tries++) {
    try {
      const made = mayBeDone ? await recover?.() : undefined;
      return made ?? (await attempt());
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof MlflowError)) throw error;
      const settled = mayBeDone ? settle?.(error) : undefined;
      if (settled !== undefined) return settled;
      mayBeDone ||= error.isUncertain;
      const isOver = isFinal?.(error) || !error.isRetryable || tries > retriesOf(error, rules);
      if (isOver) throw afterTries(error, tries, mayBeDone);
      const seconds = pauseSeconds(tries, rules, error.retryAfter);
      onRetry?.(error, seconds);
      await pause(seconds, signal);
    }
  }
}

/** Minutes of trying would be wasted where waiting changes nothing. */
const doubtfulRetries = 2;

const retriesOf = (error: MlflowError, { retries }: RetryRules) =>
  isDoubtful(error) ? Math.min(doubtfulRetries, retries) : retries;

const longestPauseSeconds = 120;

/** As the Python client pauses, but for its first repetition, which comes at once there. */
export function pauseSeconds(
  tries: number,
  { backoff, jitter, obeysRetryAfter }: RetryRules,
  retryAfter: number | null,
): number {
  if (obeysRetryAfter && retryAfter) return Math.min(longestPauseSeconds, retryAfter);
  const pause = tries === 1 ? backoff / 4 : backoff * 2 ** (tries - 1);
  // So that clients that failed together do not come again together.
  const extra = jitter * Math.random() * (tries === 1 ? 0.25 : 1);
  return Math.min(longestPauseSeconds, pause + extra);
}

async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(seconds * 1000, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
