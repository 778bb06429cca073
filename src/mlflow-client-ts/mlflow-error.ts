/** @file The one error of this client: what was asked of which server, what came, and what helps. */

export interface MlflowErrorParts {
  /** `POST /api/2.0/mlflow/runs/create at http://127.0.0.1:5000`; never with credentials. */
  readonly request: string;
  readonly detail: string;
  /** Of the answer; null where none came. */
  readonly status?: number | null;
  /** MLflow's own: `RESOURCE_DOES_NOT_EXIST`; for a request that was never sent, `INVALID_ARGUMENT`. */
  readonly code?: string | null;
  readonly isRetryable?: boolean;
  readonly isUncertain?: boolean;
  readonly hint?: string | null;
  /** Seconds. */
  readonly retryAfter?: number | null;
  readonly cause?: unknown;
}

export class MlflowError extends Error {
  override readonly name = 'MlflowError';
  /** What was attempted, where; never with credentials. */
  readonly request: string;
  /** What came instead of a good answer. */
  readonly detail: string;
  /** Of the answer; null where none came, and where nothing was sent. */
  readonly status: number | null;
  /** MLflow's own, such as `RESOURCE_DOES_NOT_EXIST`; `INVALID_ARGUMENT` where nothing was sent. */
  readonly code: string | null;
  /** Whether the same request may succeed later without anybody changing anything. */
  readonly isRetryable: boolean;
  /** Whether the server may have carried the request out although no good answer came. */
  readonly isUncertain: boolean;
  /** What a person can do about it. */
  readonly hint: string | null;
  /** Seconds that the server asked to wait. */
  readonly retryAfter: number | null;

  constructor(parts: MlflowErrorParts) {
    const { request, detail, cause } = parts;
    super(`${request}: ${detail}`, cause === undefined ? undefined : { cause });
    this.request = request;
    this.detail = detail;
    this.status = parts.status ?? null;
    this.code = parts.code ?? null;
    this.isRetryable = parts.isRetryable ?? false;
    this.isUncertain = parts.isUncertain ?? false;
    this.hint = parts.hint ?? null;
    this.retryAfter = parts.retryAfter ?? null;
  }
}

/** An argument that MLflow would refuse, or worse, would swallow: nothing was sent. */
export const invalid = (request: string, detail: string, hint?: string): MlflowError =>
  new MlflowError({ request, detail, code: 'INVALID_ARGUMENT', hint });

/** Whether it is MLflow's refusal of this kind. */
export const hasCode = (error: unknown, ...codes: readonly string[]): error is MlflowError =>
  error instanceof MlflowError && error.code !== null && codes.includes(error.code);

/** What was to be deleted is not there: after a lost answer it says that it was deleted. */
export const isGone = (error: MlflowError): boolean => hasCode(error, 'RESOURCE_DOES_NOT_EXIST');

/** The same, after all tries of a call together. */
export function afterTries(error: MlflowError, tries: number, isUncertain: boolean): MlflowError {
  const detail = tries > 1 ? `${error.detail} (tried ${tries} times)` : error.detail;
  const { request, status, code, isRetryable, hint, retryAfter, cause } = error;
  const parts = { request, status, code, isRetryable, hint, retryAfter, cause };
  return new MlflowError({ ...parts, detail, isUncertain: isUncertain || error.isUncertain });
}
