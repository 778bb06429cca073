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
  readonly request: string;
  readonly status: number | null;
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
    super(`${parts.request}: ${parts.detail}`, { cause: parts.cause });
    this.request = parts.request;
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
