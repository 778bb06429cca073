/** @file MLflow in a Python environment of our own, in the cache: set up at its first use. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type Attempt,
  type Check,
  cacheDirectory,
  lastLine,
  takeLock,
} from '../../engine/index.ts';
import { mlflowVersion, type PythonVersion } from './constraints.ts';
import { refusalOf } from './file-refusal.ts';
import { type FoundPython, findPython, pythonAdvice } from './find-python.ts';
import { installMlflow } from './install.ts';
import { pythonEnvironment, runModule } from './watched-program.ts';

/** The environment's own `python`; the reason where it cannot be set up. */
export async function prepareMlflow(
  report: (line: string) => void,
  signal: AbortSignal = new AbortController().signal,
): Promise<Attempt<{ python: string }>> {
  const found = await findPython();
  if (!found.ok) return found;
  const folder = folderFor(found.version);
  const done = { ok: true, python: pythonIn(folder) } as const;
  if (isComplete(folder)) return done;
  try {
    mkdirSync(dirname(folder), { recursive: true });
    const release = await lock(`${folder}.lock`, report, signal);
    if (!release) return { ok: false, reason: 'interrupted while another process sets MLflow up' };
    try {
      // Another process may have finished it while this one waited.
      if (isComplete(folder)) return done;
      // What a process that was killed left behind. An environment cannot be moved, so none is staged.
      remove(folder);
      const built = await build(found, folder, report, signal);
      if (!built.ok) remove(folder);
      return built.ok ? done : built;
    } finally {
      release();
    }
  } catch (error) {
    const why = refusalOf(error);
    return {
      ok: false,
      reason: `MLflow cannot be set up in the cache: ${why}. RUN_EXPERIMENT_CACHE may name another folder`,
    };
  }
}

/** For `doctor`: whether `ui` can show MLflow here. Sets nothing up. */
export async function checkMlflow(): Promise<Check> {
  const found = await findPython();
  const name = 'MLflow (run-experiment ui)';
  if (!found.ok) return { name, ok: false, detail: 'no Python for it', remedy: pythonAdvice };
  const detail = isComplete(folderFor(found.version))
    ? `${mlflowVersion}, set up`
    : `${mlflowVersion}, which the first run-experiment ui sets up with ${found.program}`;
  return { name, ok: true, detail, remedy: null };
}

const folderFor = (version: PythonVersion) =>
  join(cacheDirectory(), `mlflow-${mlflowVersion}-python-${version}`);
const pythonIn = (folder: string) => join(folder, 'bin', 'python');
/** The last file to be written: without it the environment does not count. */
const marker = (folder: string) => join(folder, 'complete');
/** Its python is a link to the system's, which may have gone. */
const isComplete = (folder: string) => existsSync(marker(folder)) && existsSync(pythonIn(folder));
/** A process that is just being killed may write into it for a moment yet. */
const remove = (folder: string) =>
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });

/** Gives back how to release it; null when interrupted. */
async function lock(path: string, report: (line: string) => void, signal: AbortSignal) {
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    const taken = takeLock(path);
    if (taken.ok) return taken.release;
    if (isFirst) report(`waiting for process ${taken.holder}, which is setting MLflow up`);
    await wait(300, undefined, { signal }).catch(() => {}); // Interrupted: seen above.
  }
  return null;
}

async function build(
  { program, version }: FoundPython,
  folder: string,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<Attempt<object>> {
  report(`setting MLflow ${mlflowVersion} up, once: about a minute and 700 MB in ${folder}`);
  const options = { cwd: dirname(folder), env: pythonEnvironment({}), signal };
  const made = await runModule(program, ['venv', folder], options);
  if (signal.aborted) return { ok: false, reason: 'interrupted while MLflow was set up' };
  if (made.status !== 0) {
    const cause = lastLine(made.stderr || made.stdout) || 'venv said nothing';
    return { ok: false, reason: `no Python environment could be made: ${cause}. ${pythonAdvice}` };
  }
  const python = pythonIn(folder);
  const installed = await installMlflow({ folder, python, version, report, signal });
  if (installed.ok) writeFileSync(marker(folder), `${mlflowVersion}\n`);
  return installed;
}
