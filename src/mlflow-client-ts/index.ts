/** @file A typed client for MLflow's tracking server. */
export { type ClientOptions, createMlflowClient, type MlflowClient } from './client.ts';
export { batchLimits, keyLength, keyProblem, sanitizeKey, textLimits } from './limits.ts';
export { MlflowError } from './mlflow-error.ts';
export type { RetryOptions } from './transport.ts';
export type * from './types.ts';
