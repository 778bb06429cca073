/** @file The client as its user sees it: one object for one server. */
import type { Api } from './api.ts';
import { type ArtifactsApi, artifactsOf } from './artifacts.ts';
import { connectionOf } from './connection.ts';
import { type ExperimentsApi, experimentsOf } from './experiments.ts';
import { type ModelsApi, modelsOf } from './models.ts';
import { type RegistryApi, registryOf } from './registry.ts';
import { type OnRetry, type RetryOptions, retryRules } from './retry.ts';
import { type RunsApi, runsOf } from './runs.ts';
import { type ServerApi, serverOf } from './server.ts';
import { createTransport } from './transport.ts';
import type { Environment } from './types.ts';
import { version } from './version.ts';

export interface ClientOptions {
  /**
   * `http(s)://[user:password@]host[:port][/prefix]`, `databricks` or `databricks://<profile>`.
   * Default: MLFLOW_TRACKING_URI, else http://127.0.0.1:5000.
   */
  readonly uri?: string;
  /** Default: the process's own. */
  readonly env?: Environment;
  /** Sent with every request; they win over the client's own. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly retry?: RetryOptions;
  /**
   * Told once of each text that is cut to what MLflow keeps, and of what the environment asks in
   * vain. Default: a warning of the process.
   */
  readonly onWarning?: (line: string) => void;
  /** Told before each pause what went wrong, and in how many seconds it is tried again. */
  readonly onRetry?: OnRetry;
  /** Ends every call of this client. */
  readonly signal?: AbortSignal;
  /**
   * Hosts that are shown the credentials beside the server's own: those of servers for artifacts
   * alone, `artifacts.example:5500`.
   */
  readonly trustedHosts?: readonly string[];
}

export interface MlflowClient {
  /** The server's address, without credentials. */
  readonly uri: string;
  readonly server: ServerApi;
  readonly experiments: ExperimentsApi;
  readonly runs: RunsApi;
  readonly artifacts: ArtifactsApi;
  /** MLflow 3's logged models. */
  readonly models: ModelsApi;
  readonly registry: RegistryApi;
  /** Ends calls that are under way, closes the connections; later calls are refused. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Throws an `MlflowError` where the address or what the environment names cannot be used. */
export function createMlflowClient(options: ClientOptions = {}): MlflowClient {
  const { uri, env = process.env, headers = {}, retry = {}, signal, trustedHosts = [] } = options;
  const warn = telling(options.onWarning ?? ((line) => process.emitWarning(line, 'MlflowWarning')));
  const connection = connectionOf(uri, env);
  for (const line of connection.warnings) warn(line);
  const transport = createTransport({
    connection,
    env,
    headers: { 'user-agent': `mlflow-client-ts/${version}`, ...inSmallLetters(headers) },
    rules: retryRules(retry, env),
    onRetry: options.onRetry,
    signal,
    trustedHosts,
  });
  const api: Api = { transport, warn };
  return {
    uri: connection.uri,
    server: serverOf(api),
    experiments: experimentsOf(api),
    runs: runsOf(api),
    artifacts: artifactsOf(api),
    models: modelsOf(api),
    registry: registryOf(api),
    close: () => transport.close(),
    [Symbol.asyncDispose]: () => transport.close(),
  };
}

/** So that `Authorization` replaces `authorization`. */
const inSmallLetters = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

const linesRemembered = 1000;

/** Each line once. */
function telling(onWarning: (line: string) => void): (line: string) => void {
  const told = new Set<string>();
  return (line) => {
    if (told.has(line)) return;
    if (told.size < linesRemembered) told.add(line);
    onWarning(line);
  };
}
