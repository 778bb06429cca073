/** @file A typed client for MLflow's tracking server. */
export type { ArtifactsApi, UploadOptions } from './artifacts.ts';
export { type ClientOptions, createMlflowClient, type MlflowClient } from './client.ts';
export type { ExperimentSearch, ExperimentsApi, NewExperiment } from './experiments.ts';
export { filterKey, filterText } from './filters.ts';
export {
  batchLimits,
  firstCharacters,
  isLonger,
  keyLength,
  keyProblem,
  sanitizeKey,
  textLimits,
} from './limits.ts';
export { MlflowError, type MlflowErrorParts } from './mlflow-error.ts';
export type { ModelSearch, ModelsApi, NewModel } from './models.ts';
export type { NewRegisteredModel, RegistryApi, RegistrySearch } from './registry.ts';
export type { NewVersion, VersionName } from './registry-versions.ts';
export type { OnRetry, RetryOptions } from './retry.ts';
export type { RunChange } from './run-changes.ts';
export type { RunLog, RunOutputs } from './run-logging.ts';
export type { NewRun, RunSearch, RunsApi } from './runs.ts';
export type { ServerApi, ServerInfo } from './server.ts';
export type { Content } from './sized-content.ts';
export * from './types.ts';
export { readNumber, wireNumber } from './values.ts';
export { version } from './version.ts';
