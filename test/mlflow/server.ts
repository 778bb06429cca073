/** @file Real MLflow servers for tests: set up by the project's own code, on a fresh store each. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDirectory, runProgram, waitForLock } from '../../src/engine/index.ts';
import { prepareMlflow } from '../../src/track/server/environment.ts';
import { type RunningServer, startMlflow } from '../../src/track/server/serve.ts';

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

export interface TestServerOptions {
  readonly store?: 'sqlite' | 'postgres';
  /** Further options of `mlflow server`; `_MLFLOW_STATIC_PREFIX` goes into `env`. */
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
  const start = async (port?: number): Promise<RunningServer> => {
    const env = { ...database?.env, ...options.env };
    const place = { python, folder, store: database?.uri, port };
    const server = await startMlflow({ ...place, args: options.args, env });
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
  const PYTHONPATH = await driverFolder(python);
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

/** The driver that MLflow needs for PostgreSQL: users bring their own server, so only tests have it. */
async function driverFolder(python: string): Promise<string> {
  const version = await runProgram(python, [
    '-c',
    'import sys; print("%d.%d" % sys.version_info[:2])',
  ]);
  const folder = join(cacheDirectory(), `test-psycopg-3.3.9-python-${version.stdout.trim()}`);
  const marker = join(folder, 'complete');
  mkdirSync(cacheDirectory(), { recursive: true });
  const release = await waitForLock(`${folder}.lock`, () => {});
  try {
    if (existsSync(marker)) return folder;
    rmSync(folder, { recursive: true, force: true });
    const pip = ['-m', 'pip', 'install', '-q', '--only-binary=:all:', '--target', folder];
    const { status, stderr } = await runProgram(python, [...pip, 'psycopg[binary]==3.3.9']);
    if (status !== 0) throw new Error(stderr);
    writeFileSync(marker, '');
    return folder;
  } finally {
    release();
  }
}
