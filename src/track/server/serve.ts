/** @file MLflow's server as a child process that ends with us, however we end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type Attempt, lastLine } from '../../engine/index.ts';

export interface ServerOptions {
  /** Of the environment that has MLflow. */
  readonly python: string;
  /** `sqlite:////absolute/path.db` */
  readonly store: string;
  /** Folder of the artifacts. */
  readonly artifacts: string;
  /** What the server writes; appended. */
  readonly log: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Further options of `mlflow server`. */
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

export interface RunningServer {
  readonly url: string;
  readonly pid: number;
  /** Resolves when all its processes are gone. */
  stop(): Promise<void>;
  /** Resolves when it has ended by itself or by anybody. */
  readonly ended: Promise<void>;
}

const startMilliseconds = 120_000;
const stopMilliseconds = 3000;
const attempts = 3;

/** Starts it on 127.0.0.1 and waits until it answers; the reason, with its own words, if it does not. */
export async function startMlflow(options: ServerOptions): Promise<Attempt<RunningServer>> {
  mkdirSync(options.artifacts, { recursive: true });
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    const server = launch(options, port);
    if (await answers(server)) return { ok: true, ...server };
    await server.stop();
    const said = readFileSync(options.log, 'utf8').slice(-4000);
    // Somebody else may have taken the port in between.
    const isTaken = /address already in use/i.test(said);
    if (isTaken && options.port === undefined && attempt < attempts) continue;
    return {
      ok: false,
      reason: `MLflow's server did not start: ${reasonOf(said)} (see ${options.log})`,
    };
  }
}

/** The signs of trouble that a person can do something about. */
function reasonOf(said: string): string {
  if (/address already in use/i.test(said)) return 'its port is in use';
  if (/Can't locate revision|out-of-date database schema/i.test(said))
    return 'its database belongs to another version of MLflow';
  if (/file is not a database|malformed/i.test(said)) return 'its database is damaged';
  return lastLine(said) || 'it said nothing';
}

/**
 * Runs MLflow's own command in a process that leads a group, and ends the group when its standard
 * input is closed: the system closes it even when we are killed.
 */
const watched = `
import os, signal, sys, threading
def watch():
    sys.stdin.buffer.read()
    os.killpg(os.getpgrp(), signal.SIGKILL)
threading.Thread(target=watch, daemon=True).start()
from mlflow.cli import cli
cli(sys.argv[1:], standalone_mode=True)
`;

function launch(options: ServerOptions, port: number): RunningServer {
  const { python, store, artifacts, log, args = [], env = {} } = options;
  const output = openSync(log, 'a');
  const child = spawn(
    python,
    [
      ...['-c', watched, 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'],
      ...['--backend-store-uri', store, '--artifacts-destination', artifacts, ...args],
    ],
    {
      detached: true,
      stdio: ['pipe', output, output],
      env: { ...ownEnvironment(), ...env },
    },
  );
  closeSync(output);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    ended,
    stop: () => stopGroup(child, ended),
  };
}

/** No job consumers, no telemetry; the user's variables for clients and servers do not redirect it. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('MLFLOW_'));
  return {
    ...Object.fromEntries(kept),
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
    MLFLOW_DISABLE_TELEMETRY: 'true',
  };
}

async function stopGroup(child: ChildProcess, ended: Promise<void>): Promise<void> {
  const signal = (name: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch (error) {
      const isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
      if (!isGone) throw error;
    }
  };
  signal('SIGTERM');
  await Promise.race([ended, wait(stopMilliseconds, undefined, { ref: false })]);
  // The group may outlive its leader.
  signal('SIGKILL');
  await ended;
}

/** Its health first; the API's version once that is good. */
async function answers({ url, ended }: RunningServer): Promise<boolean> {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  const until = Date.now() + startMilliseconds;
  while (!isOver && Date.now() < until) {
    if ((await isHealthy(url)) && !isOver) return true;
    await wait(100);
  }
  return false;
}

/** Whether an MLflow server answers there now. */
export async function isHealthy(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2000) });
    return answer.ok && (await answer.text()).trim() === 'OK';
  } catch (error) {
    // Nobody listens yet, or not in time.
    if (error instanceof TypeError || error instanceof DOMException) return false;
    throw error;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('internal: a port without an address'));
      });
    });
  });
}
