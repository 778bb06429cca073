/** @file One server for one folder of runs: whoever comes second finds the first. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Attempt, lockHolder, takeLock } from '../../engine/index.ts';
import { writeWhole } from '../../record/index.ts';
import { prepareMlflow } from './environment.ts';
import { isHealthy, startMlflow } from './serve.ts';

export interface FoundServer {
  readonly url: string;
  /** The process that started it, if that is another one. */
  readonly holder: number | null;
  /** Does nothing to another one's. */
  stop(): Promise<void>;
  /** Resolves when it has ended; never for another one's. */
  readonly ended: Promise<void>;
}

/** `.mlflow` inside the folder of the runs: no experiment can be called so. */
export const serverFolder = (runs: string): string => join(resolve(runs), '.mlflow');
const stateFile = (runs: string) => join(serverFolder(runs), 'server.json');

/** Finds the one that serves these runs, or sets MLflow up and starts it. */
export async function findOrStartServer(
  runs: string,
  report: (line: string) => void,
): Promise<Attempt<FoundServer>> {
  const folder = serverFolder(runs);
  mkdirSync(folder, { recursive: true });
  for (let isFirst = true; ; isFirst = false) {
    const lock = takeLock(join(folder, 'lock'));
    if (lock.ok) return start(runs, folder, lock.release, report);
    const url = addressOf(runs);
    if (url && (await isHealthy(url))) return { ok: true, url, holder: lock.holder, ...never };
    if (isFirst) report(`waiting for the server that process ${lock.holder} is starting`);
    await wait(300);
  }
}

const never = { stop: async () => {}, ended: new Promise<void>(() => {}) };

async function start(
  runs: string,
  folder: string,
  release: () => void,
  report: (line: string) => void,
): Promise<Attempt<FoundServer>> {
  const end = () => {
    rmSync(stateFile(runs), { force: true });
    release();
  };
  const prepared = await prepareMlflow(report);
  const log = join(folder, 'server.log');
  if (prepared.ok) report('starting MLflow');
  const server = prepared.ok
    ? await startMlflow({
        python: prepared.python,
        store: `sqlite:///${join(folder, 'mlflow.db')}`,
        artifacts: join(folder, 'artifacts'),
        log,
      })
    : prepared;
  if (!server.ok) {
    end();
    return server;
  }
  const { url, pid, ended } = server;
  writeWhole(stateFile(runs), JSON.stringify({ url, pid }));
  const stop = async () => {
    await server.stop();
    end();
  };
  return { ok: true, url, holder: null, stop, ended };
}

function addressOf(runs: string): string | undefined {
  if (lockHolder(join(serverFolder(runs), 'lock')) === undefined) return undefined;
  try {
    const state: unknown = JSON.parse(readFileSync(stateFile(runs), 'utf8'));
    const { url } = Object(state);
    return typeof url === 'string' ? url : undefined;
  } catch (error) {
    // Not written yet.
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isMissing || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
