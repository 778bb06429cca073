/** @file The client as its user sees it: one object for one server. */

import type { Api } from './api.ts';
import { artifactsOf } from './artifacts.ts';
import { connectionOf, type Environment } from './connection.ts';
import { experimentsOf } from './experiments.ts';
import { modelsOf } from './models.ts';
import { objectOf } from './read-wire.ts';
import { registryOf } from './registry.ts';
import { runsOf } from './runs.ts';
import { createTransport, type RetryOptions } from './transport.ts';
import type { CallOptions } from './types.ts';

export interface ClientOptions {
  /**
   * `http(s)://[user:password@]host[:port][/prefix]`, `databricks` or `databricks://<profile>`.
   * Default: MLFLOW_TRACKING_URI, else http://127.0.0.1:5000.
   */
  readonly uri?: string;
  /** Default: the process's own. */
  readonly env?: Environment;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly retry?: RetryOptions;
  /** Told once of each text that the server will cut. Default: nobody. */
  readonly onWarning?: (line: string) => void;
}

/** Throws an `MlflowError` where the address or what the environment names cannot be used. */
export function createMlflowClient(options: ClientOptions = {}) {
  const { uri, env = process.env, headers = {}, retry, onWarning } = options;
  const connection = connectionOf(uri, env);
  const own = { 'user-agent': userAgent, ...headers };
  const transport = createTransport(connection, env, own, retry);
  const told = new Set<string>();
  const warn = (line: string) => {
    if (told.has(line)) return;
    told.add(line);
    onWarning?.(line);
  };
  const api: Api = { transport, warn };
  return {
    /** The server's address, without credentials. */
    uri: connection.uri,
    server: serverOf(api),
    experiments: experimentsOf(api),
    runs: runsOf(api),
    artifacts: artifactsOf(api),
    /** MLflow 3's logged models. */
    models: modelsOf(api),
    registry: registryOf(api),
    /** Waits for requests that are on their way, then closes the connections. */
    close: () => transport.close(),
  };
}

export type MlflowClient = ReturnType<typeof createMlflowClient>;

const userAgent = 'mlflow-client-ts/0.1.0';

function serverOf({ transport }: Api) {
  const text = async (path: string, { signal }: CallOptions = {}) =>
    (await transport.text({ method: 'GET', path, signal })).trim();
  return {
    /** True where it answers; whether its API may be used is another question. */
    health: async (options?: CallOptions) => (await text('/health', options)) === 'OK',
    version: (options?: CallOptions) => text('/version', options),
    /** `store_type`, `workspaces_enabled`, … of MLflow 3. */
    info: async ({ signal }: CallOptions = {}) =>
      objectOf(
        await transport.json({ method: 'GET', path: '/api/3.0/mlflow/server-info', signal }),
      ),
  };
}
