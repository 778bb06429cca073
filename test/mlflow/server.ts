/** @file Real MLflow servers for tests: set up by the project's own code, on a fresh store each. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDirectory, runProgram } from '../../src/engine/index.ts';
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
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Default: a fresh one, removed at the end. */
  readonly folder?: string;
}

export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'mlflow-'));
  const store =
    options.store === 'postgres' ? await freshPostgres() : `sqlite:///${join(folder, 'mlflow.db')}`;
  const start = async (port?: number): Promise<RunningServer> => {
    const python = await pythonOf();
    const server = await startMlflow({
      python,
      store,
      artifacts: join(folder, 'artifacts'),
      log: join(folder, 'server.log'),
      port,
      args: options.args,
      env: { PYTHONPATH: postgresFolder(), ...options.env },
    });
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
      if (options.store === 'postgres') await psql(`DROP DATABASE "${store.split('/').at(-1)}"`);
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

async function pythonOf(): Promise<string> {
  const prepared = await prepareMlflow((line) => process.stderr.write(`${line}\n`));
  if (!prepared.ok) throw new Error(prepared.reason);
  return prepared.python;
}

/** The driver that MLflow needs for PostgreSQL, for tests only. */
const postgresFolder = () => join(cacheDirectory(), 'test-psycopg-3');

const psql = (command: string) =>
  runProgram('psql', ['-h', '127.0.0.1', '-U', 'postgres', '-qc', command], {
    env: { ...process.env, PGCONNECT_TIMEOUT: '3' },
  });

async function freshPostgres(): Promise<string> {
  const name = `mlflow_test_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
  const { status, stderr } = await psql(`CREATE DATABASE "${name}"`);
  if (status !== 0) throw new Error(stderr);
  const python = await pythonOf();
  const pip = ['-m', 'pip', 'install', '-q', '--only-binary=:all:', '--upgrade'];
  const args = [...pip, '--target', postgresFolder(), 'psycopg[binary]==3.3.9'];
  const probe = ['-c', 'import psycopg'];
  const env = { ...process.env, PYTHONPATH: postgresFolder() };
  const has = await runProgram(python, probe, { env });
  const installed = has.status === 0 ? has : await runProgram(python, args);
  if (installed.status !== 0) throw new Error(installed.stderr);
  return `postgresql://postgres@127.0.0.1:5432/${name}`;
}

/** Why tests on PostgreSQL are left out; null where there is one. */
export const postgresReason: string | null = await psql('SELECT 1').then(({ status, stderr }) =>
  status === 0 ? null : `no PostgreSQL on 127.0.0.1 lets the user postgres in: ${stderr.trim()}`,
);
