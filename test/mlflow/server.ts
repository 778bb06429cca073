/** @file Real MLflow servers for tests: set up by the project's own code, on a fresh store each. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../src/engine/index.ts';
import { prepareMlflow } from '../../src/track/server/environment.ts';
import { type RunningServer, startMlflow } from '../../src/track/server/serve.ts';
import { authPackages, packageFolder, postgresDriver } from './python-packages.ts';

export interface TestServer {
  readonly uri: string;
  /** Where its store, its artifacts and its log lie. */
  readonly folder: string;
  stop(): Promise<void>;
  /** SIGKILL for all of its processes. */
  kill(): Promise<void>;
  /** On the same port, with the same store. */
  restart(): Promise<void>;
}

export interface Account {
  readonly user: string;
  readonly password: string;
}

export interface TestServerOptions {
  readonly store?: 'sqlite' | 'postgres';
  /** With users of its own (`--app-name basic-auth`): this one may do everything. */
  readonly admin?: Account;
  /** `/mlflow`: a path before everything. */
  readonly prefix?: string;
  /** Further options of `mlflow server`. */
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Default: a fresh one, removed at the end. */
  readonly folder?: string;
}

/** It ends with this process at the latest, also when that is killed. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const prepared = await prepareMlflow((line) => process.stderr.write(`${line}\n`));
  if (!prepared.ok) throw new Error(prepared.reason);
  const { python } = prepared;
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'mlflow-'));
  const database = options.store === 'postgres' ? await freshDatabase(python) : undefined;
  const guard = options.admin && (await guardOf(python, folder, options.admin));
  const start = async (port?: number): Promise<RunningServer> => {
    const env = { ...database?.env, ...guard?.env, ...options.env };
    const place = { python, folder, store: database?.uri, prefix: options.prefix, port };
    const args = [...(guard?.args ?? []), ...(options.args ?? [])];
    const server = await startMlflow({ ...place, args, env });
    if (!server.ok) throw new Error(server.reason);
    return server;
  };
  let server = await start();
  const port = Number(new URL(server.url).port);
  return {
    uri: server.url,
    folder,
    async stop() {
      await server.stop();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
      await database?.drop();
    },
    async kill() {
      process.kill(-server.pid, 'SIGKILL');
      await server.ended;
    },
    async restart() {
      await server.stop();
      server = await start(port);
    },
  };
}

const {
  PGHOST: host = '127.0.0.1',
  PGPORT: port = '5432',
  PGUSER: user = 'postgres',
} = process.env;

const psql = (command: string) =>
  runProgram('psql', ['-h', host, '-p', port, '-U', user, '-d', 'postgres', '-qc', command], {
    env: { ...process.env, PGCONNECT_TIMEOUT: '3' },
  });

/** Why tests on PostgreSQL are left out; null where there is one. */
export const postgresReason: string | null = await psql('SELECT 1').then(({ status, stderr }) =>
  status === 0 ? null : `no PostgreSQL on ${host}:${port} lets ${user} in: ${stderr.trim()}`,
);

interface Database {
  readonly uri: string;
  readonly env: NodeJS.ProcessEnv;
  drop(): Promise<void>;
}

async function freshDatabase(python: string): Promise<Database> {
  const name = `mlflow_test_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
  const PYTHONPATH = await packageFolder(python, postgresDriver);
  const { status, stderr } = await psql(`CREATE DATABASE "${name}"`);
  if (status !== 0) throw new Error(stderr);
  return {
    uri: `postgresql+psycopg://${user}@${host}:${port}/${name}`,
    env: { PYTHONPATH },
    async drop() {
      await psql(`DROP DATABASE "${name}" WITH (FORCE)`);
    },
  };
}

/** MLflow's own log-in. It remembers passwords: each look at one takes a good part of a second. */
async function guardOf(python: string, folder: string, { user, password }: Account) {
  const PYTHONPATH = await packageFolder(python, authPackages);
  const settings = join(folder, 'auth.ini');
  const places = ['default_permission = READ', 'database_uri = sqlite:///auth.db'];
  const lines = ['[mlflow]', ...places, 'auth_cache_ttl_seconds = 60'];
  writeFileSync(settings, `${lines.join('\n')}\n`);
  const first = { MLFLOW_AUTH_ADMIN_USERNAME: user, MLFLOW_AUTH_ADMIN_PASSWORD: password };
  const env = { PYTHONPATH, ...first, MLFLOW_AUTH_CONFIG_PATH: settings };
  return {
    args: ['--app-name', 'basic-auth'],
    env: { ...env, MLFLOW_FLASK_SERVER_SECRET_KEY: 'of the tests' },
  };
}
