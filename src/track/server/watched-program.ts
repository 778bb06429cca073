/** @file Python programs that end with us, however we end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import type { ProgramResult } from '../../engine/index.ts';
import { codeOf } from './file-refusal.ts';

export interface WatchedOptions {
  /** Also the first place where Python looks for modules: never a folder of the user's. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** An open file that takes its output; else it comes through pipes. */
  readonly output?: number;
}

export interface WatchedProgram {
  readonly child: ChildProcess;
  /** Its exit status, null where it was killed or could not be started. */
  readonly ended: Promise<number | null>;
  /** Ends it and all that it started: asked first, killed after two seconds. */
  stop(): Promise<void>;
}

/**
 * It leads a process group, and ends that when its standard input is closed: the system closes it
 * even when we are killed. (No `sys.stdin`: Python could not end while a thread reads that.)
 */
const watch = `
import os, signal, sys, threading
def watch():
    os.read(0, 1)
    os.killpg(os.getpgrp(), signal.SIGKILL)
threading.Thread(target=watch, daemon=True).start()
`;

export function startWatched(
  python: string,
  code: string,
  args: readonly string[],
  { cwd, env, output }: WatchedOptions,
): WatchedProgram {
  const child = spawn(python, ['-c', watch + code, ...args], {
    ...{ cwd, env, detached: true },
    stdio: ['pipe', output ?? 'pipe', output ?? 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (status) => resolve(status));
    child.once('error', () => resolve(null));
  });
  return { child, ended, stop: () => stopGroup(child, ended) };
}

async function stopGroup(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  const signal = (name: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch (error) {
      if (codeOf(error) !== 'ESRCH') throw error; // Nobody is left.
    }
  };
  signal('SIGTERM');
  const patience = new AbortController();
  await Promise.race([ended, wait(2000, undefined, patience)]);
  patience.abort();
  // The group may outlive its leader.
  signal('SIGKILL');
  await ended;
}

export interface RunOptions extends WatchedOptions {
  readonly signal: AbortSignal;
  /** Called twice a second with all that it has written; answers whether to go on. */
  readonly whileRunning?: (stdout: string) => boolean;
}

/** Runs a Python module to its end, as `python -m` would; stopped, it has the status null. */
export async function runModule(
  python: string,
  [module, ...args]: readonly [string, ...string[]],
  { signal, whileRunning, ...options }: RunOptions,
): Promise<ProgramResult> {
  const code = `import runpy; runpy.run_module(${JSON.stringify(module)}, run_name='__main__', alter_sys=True)`;
  const { child, ended, stop } = startWatched(python, code, args, options);
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (text) => {
    stdout += text;
  });
  child.stderr?.on('data', (text) => {
    stderr += text;
  });
  child.once('error', (error) => {
    stderr += error.message;
  });
  let isStopped = false;
  const end = () => {
    isStopped = true;
    void stop();
  };
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  const timer = setInterval(() => {
    if (whileRunning && !isStopped && !whileRunning(stdout)) end();
  }, 500);
  const status = await ended;
  clearInterval(timer);
  signal.removeEventListener('abort', end);
  return { status: isStopped ? null : status, stdout, stderr };
}

/** The user's, without what would redirect Python, MLflow or the web server that MLflow runs on. */
export function pythonEnvironment(more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(_?MLFLOW_|UVICORN_|PYTHON|__PYVENV_LAUNCHER__)/.test(name),
  );
  return { ...Object.fromEntries(kept), PYTHONNOUSERSITE: '1', PYTHONSAFEPATH: '1', ...more };
}
