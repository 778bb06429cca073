/** @file MLflow in a Python environment of our own, in the cache: set up at its first use. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type Attempt,
  type Check,
  cacheDirectory,
  lastLine,
  runProgram,
  waitForLock,
} from '../../engine/index.ts';
import { constraints, mlflowVersion } from './constraints.ts';

/** The last file to be written: without it the environment does not count. */
const marker = 'complete';
const stallMilliseconds = 300_000;

/** The environment's own `python`; the reason where it cannot be set up. */
export async function prepareMlflow(
  report: (line: string) => void,
): Promise<Attempt<{ python: string }>> {
  const found = await findPython();
  if (!found.ok) return found;
  const folder = folderFor(found.version);
  const python = join(folder, 'bin', 'python');
  if (existsSync(join(folder, marker))) return { ok: true, python };
  mkdirSync(dirname(folder), { recursive: true });
  const release = await waitForLock(`${folder}.lock`, (holder) =>
    report(`waiting for process ${holder}, which is setting MLflow up`),
  );
  try {
    if (existsSync(join(folder, marker))) return { ok: true, python };
    // What a process that was killed left behind. An environment cannot be moved, so none is staged.
    rmSync(folder, { recursive: true, force: true });
    const built = await build(found.program, folder, python, report);
    if (!built.ok) rmSync(folder, { recursive: true, force: true });
    return built;
  } finally {
    release();
  }
}

/** For `doctor`: whether `ui` can show MLflow here. Sets nothing up. */
export async function checkMlflow(): Promise<Check> {
  const found = await findPython();
  const name = 'MLflow (run-experiment ui)';
  if (!found.ok) return { name, ok: false, detail: 'no Python for it', remedy: advice };
  const isThere = existsSync(join(folderFor(found.version), marker));
  const detail = isThere
    ? `${mlflowVersion}, set up`
    : `${mlflowVersion}, which the first run-experiment ui sets up with ${found.program}`;
  return { name, ok: true, detail, remedy: null };
}

const folderFor = (version: string) =>
  join(cacheDirectory(), `mlflow-${mlflowVersion}-python-${version}`);

const candidates = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const advice =
  'MLflow needs Python 3.10 or later with venv (Debian, Ubuntu: apt install python3-venv; macOS: brew install python); RUN_EXPERIMENT_PYTHON may name one';

/** The first Python that is new enough and can make environments. */
async function findPython(): Promise<Attempt<{ program: string; version: string }>> {
  const named = process.env.RUN_EXPERIMENT_PYTHON;
  const script = 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])';
  for (const program of named ? [named] : candidates) {
    const { status, stdout } = await runProgram(program, ['-c', script]);
    const version = stdout.trim();
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (status === 0 && major === 3 && minor >= 10) return { ok: true, program, version };
  }
  return {
    ok: false,
    reason: `no Python was found that can run MLflow${named ? ` (${named} cannot)` : ''}. ${advice}`,
  };
}

async function build(
  program: string,
  folder: string,
  python: string,
  report: (line: string) => void,
): Promise<Attempt<{ python: string }>> {
  report(`setting MLflow ${mlflowVersion} up, once: about a minute and 850 MB in ${folder}`);
  const made = await runProgram(program, ['-m', 'venv', folder]);
  if (made.status !== 0)
    return {
      ok: false,
      reason: `no Python environment could be made: ${lastLine(made.stderr || made.stdout)}. ${advice}`,
    };
  const list = join(folder, 'constraints.txt');
  writeFileSync(list, constraints);
  const tested = await install(python, ['--constraint', list], report);
  // A system for which one of the tested versions has no wheel may have another one.
  const installed = tested.ok ? tested : await install(python, [], report);
  if (!installed.ok) return installed;
  writeFileSync(join(folder, marker), `${mlflowVersion}\n`);
  return { ok: true, python };
}

/** By the user's own pip settings; no package runs a script of its own. */
async function install(
  python: string,
  more: readonly string[],
  report: (line: string) => void,
): Promise<Attempt<object>> {
  const args = [
    ...['-m', 'pip', 'install', '--only-binary=:all:', '--progress-bar=off', '--no-input'],
    ...[...more, `mlflow==${mlflowVersion}`],
  ];
  let [packages, changedAt, told] = [0, Date.now(), ''];
  const { status, stderr } = await runProgram(python, args, {
    env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
    onOutput: (text) => {
      packages += text.match(/^\s*(?:Downloading|Using cached) /gm)?.length ?? 0;
      changedAt = Date.now();
      if (/^Installing collected packages/m.test(text)) report('setting MLflow up: installing');
    },
    whileRunning: () => {
      const line = `setting MLflow up: ${packages} of about 70 packages fetched`;
      if (line !== told && packages > 0) report(line);
      told = line;
      return Date.now() - changedAt < stallMilliseconds;
    },
  });
  if (status === 0) return { ok: true };
  const cause = status === null ? 'it made no progress for 5 minutes' : lastLine(stderr);
  return { ok: false, reason: `pip could not install MLflow ${mlflowVersion}: ${cause}` };
}
