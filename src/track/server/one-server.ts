/** @file One server for one folder of runs: whoever comes second finds the first. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Attempt, takeLock } from '../../engine/index.ts';
import { listRuns, writeWhole } from '../../record/index.ts';
import { cursorPath } from '../cursor-path.ts';
import { localTarget } from '../target.ts';
import { prepareMlflow } from './environment.ts';
import { codeOf, refusalOf } from './file-refusal.ts';
import { isFresh, isHealthy, type RunningServer, startMlflow } from './serve.ts';

export interface FoundServer {
  readonly url: string;
  /** The process that started it, if that is another one. */
  readonly holder: number | null;
  /** Does nothing to another one's. */
  stop(): Promise<void>;
  /** Resolves when it has ended; never for another one's. */
  readonly ended: Promise<unknown>;
}

/** `.mlflow` inside the folder of the runs: no experiment can be called so. */
export const serverFolder = (runs: string): string => join(resolve(runs), '.mlflow');
const stateFile = (runs: string) => join(serverFolder(runs), 'server.json');

/** Finds the one that serves these runs, or sets MLflow up and starts it. */
export async function findOrStartServer(
  runs: string,
  report: (line: string) => void,
  signal: AbortSignal = new AbortController().signal,
): Promise<Attempt<FoundServer>> {
  const folder = serverFolder(runs);
  try {
    mkdirSync(folder, { recursive: true });
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      const lock = takeLock(join(folder, 'lock'));
      if (lock.ok) return await start(runs, lock.release, report, signal);
      const url = addressOf(runs, lock.holder);
      if (url && (await isHealthy(url))) return { ok: true, url, holder: lock.holder, ...never };
      if (isFirst) report(`waiting for the server that process ${lock.holder} is starting`);
      await wait(200, undefined, { signal }).catch(() => {}); // Interrupted: seen above.
    }
    return { ok: false, reason: 'interrupted while another process starts MLflow' };
  } catch (error) {
    return { ok: false, reason: `${folder} cannot be written: ${refusalOf(error)}` };
  }
}

const never = { stop: async () => {}, ended: new Promise<never>(() => {}) };

async function start(
  runs: string,
  release: () => void,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<Attempt<FoundServer>> {
  const end = () => {
    rmSync(stateFile(runs), { force: true });
    release();
  };
  try {
    // Of a process that was killed; its port may be somebody else's by now.
    rmSync(stateFile(runs), { force: true });
    forgetSent(runs);
    const server = await prepareAndStart(serverFolder(runs), report, signal);
    if (!server.ok) {
      end();
      return server;
    }
    const { url, version, pid, ended } = server;
    writeWhole(stateFile(runs), JSON.stringify({ url, version, pid, holder: process.pid }));
    const stop = () => server.stop().finally(end);
    return { ok: true, url, holder: null, stop, ended };
  } catch (error) {
    end();
    throw error;
  }
}

async function prepareAndStart(
  folder: string,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<Attempt<RunningServer>> {
  const prepared = await prepareMlflow(report, signal);
  if (!prepared.ok) return prepared;
  report('starting MLflow');
  const { python } = prepared;
  return await startMlflow({ python, folder, env: connections, signal });
}

/** What was sent into a database that is gone is to be sent again. */
function forgetSent(runs: string): void {
  if (!isFresh(serverFolder(runs))) return;
  for (const { experiment, folder } of listRuns(runs))
    rmSync(cursorPath(folder, localTarget(experiment, '').cursor), { force: true });
}

/** A page of charts asks for many things at once, while runs are being sent. */
const connections = {
  MLFLOW_SQLALCHEMYSTORE_POOL_SIZE: '20',
  MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW: '20',
};

/** As the process that has the lock wrote it; undefined while it is still starting. */
function addressOf(runs: string, holder: number): string | undefined {
  try {
    const state: unknown = JSON.parse(readFileSync(stateFile(runs), 'utf8'));
    const { url, holder: writer } = Object(state);
    return typeof url === 'string' && writer === holder ? url : undefined;
  } catch (error) {
    // Not written yet.
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
