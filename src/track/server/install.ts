/** @file Fills MLflow's environment by the user's own pip settings, and tells how far it is. */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Attempt, lastLine, type ProgramResult } from '../../engine/index.ts';
import { withoutCredentials } from '../../spec/index.ts';
import { constraintsFor, mlflowVersion, type PythonVersion } from './constraints.ts';
import { codeOf } from './file-refusal.ts';
import { pythonEnvironment, runModule } from './watched-program.ts';

export interface InstallOptions {
  /** The environment, which exists. */
  readonly folder: string;
  readonly python: string;
  readonly version: PythonVersion;
  readonly report: (line: string) => void;
  readonly signal: AbortSignal;
}

/** pip is given up after this long without a byte. */
const patienceMilliseconds = 300_000;

/** Installs the tested versions; where pip finds one of them impossible, the newest that fit. */
export async function installMlflow(options: InstallOptions): Promise<Attempt<object>> {
  const list = join(options.folder, 'constraints.txt');
  writeFileSync(list, `${constraintsFor(options.version).join('\n')}\n`);
  const tested = await runPip(options, ['--constraint', list]);
  if (tested.status === 0) return checkPlace(options);
  // Intel Macs and systems with an old C library have wheels of older versions only.
  if (
    hasNoConnection(tested) ||
    !/ResolutionImpossible|No matching distribution/.test(tested.stderr)
  )
    return { ok: false, reason: reasonOf(tested) };
  options.report(
    'setting MLflow up: not all of the tested versions are there, so others are taken',
  );
  const others = await runPip(options, []);
  return others.status === 0 ? checkPlace(options) : { ok: false, reason: reasonOf(others) };
}

async function runPip(
  options: InstallOptions,
  more: readonly string[],
): Promise<ProgramResult & { readonly wasAborted: boolean }> {
  const { folder, python, signal } = options;
  // pip downloads into its temporary folder first: there, where its size can be seen.
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary, { recursive: true });
  const result = await runModule(
    python,
    [
      ...(['pip', 'install', '--only-binary=:all:', '--progress-bar=off', '--no-input'] as const),
      // Python compiles the few modules that a server needs at its first start.
      ...['--no-compile', ...more, `mlflow==${mlflowVersion}`],
    ],
    {
      cwd: folder,
      env: pythonEnvironment({
        ...{ TMPDIR: temporary, PIP_USER: '0', PIP_DISABLE_PIP_VERSION_CHECK: '1' },
      }),
      signal,
      whileRunning: createWatch(options, temporary),
    },
  );
  rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  return { ...result, wasAborted: signal.aborted };
}

/** Reports once a second; false when nothing has moved for too long. */
function createWatch({ folder, version, report }: InstallOptions, temporary: string) {
  const site = join(folder, 'lib', `python${version}`, 'site-packages');
  // MLflow's own three, besides; pip itself is there from the start.
  const all = constraintsFor(version).length + 3;
  const before = packagesIn(site);
  let [seen, since, told, size] = ['', Date.now(), Date.now(), 0];
  return (stdout: string): boolean => {
    const now = Date.now();
    const done = Math.max(0, packagesIn(site) - before);
    size = sizeOf(temporary) || size;
    const state = `${stdout.length} ${size} ${done}`;
    if (state !== seen) [seen, since] = [state, now];
    if (now - told >= 1000) {
      const isFetched = done > 0 || /^Installing collected packages/m.test(stdout);
      report(
        isFetched
          ? `setting MLflow up: ${Math.min(done, all)} of ${all} packages installed`
          : `setting MLflow up: ${Math.min(packagesNamed(stdout), all)} of ${all} packages found, ${Math.round(size / 1e6)} MB fetched`,
      );
      told = now;
    }
    return now - since < patienceMilliseconds;
  };
}

const packagesIn = (site: string): number =>
  existsSync(site) ? readdirSync(site).filter((name) => name.endsWith('.dist-info')).length : 0;

/** `Collecting numpy<3`, or `Processing …/numpy-2.4.6-….whl` for a wheel of this machine's own. */
const packagesNamed = (stdout: string): number =>
  new Set(
    [
      ...stdout.matchAll(/^(?:Collecting |Processing \S*\/)([A-Za-z0-9._]+(?:-[A-Za-z]\w*)*)/gm),
    ].map(([, name = '']) => name.toLowerCase().replaceAll('_', '-')),
  ).size;

/** Of all files in it; 0 where something is moved while we look. */
function sizeOf(folder: string): number {
  try {
    const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
    const files = entries.filter((entry) => entry.isFile());
    return files.reduce(
      (sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size,
      0,
    );
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    return 0;
  }
}

/** A `target` or `prefix` in pip's settings leads elsewhere. */
function checkPlace({ folder, version }: InstallOptions): Attempt<object> {
  const place = join(folder, 'lib', `python${version}`, 'site-packages', 'mlflow');
  if (existsSync(place)) return { ok: true };
  const reason = `pip put MLflow elsewhere than into ${folder}: its setting target or prefix says so (pip config list)`;
  return { ok: false, reason };
}

const connectionFault =
  /NewConnectionError|NameResolutionError|ProxyError|Timeout|SSLError|Connection(?: was)? (?:broken|reset|aborted)/i;

/** A fault that passed is warned of as well: what pip came to in the end decides. */
const hasNoConnection = ({ stderr }: ProgramResult): boolean =>
  connectionFault.test(stderr) &&
  (/from versions: none/.test(stderr) || connectionFault.test(lastError(stderr)));

const lastError = (stderr: string): string =>
  [...stderr.matchAll(/^ERROR: (.+)$/gm)].at(-1)?.[1] ?? lastLine(stderr);

function reasonOf(result: ProgramResult & { readonly wasAborted: boolean }): string {
  const { status, stderr } = result;
  const what = `pip could not install MLflow ${mlflowVersion}`;
  if (result.wasAborted) return 'interrupted while MLflow was set up';
  if (status === null) return `${what}: it made no progress for 5 minutes`;
  if (/No space left on device|Errno 28/.test(stderr)) return `${what}: the disk is full`;
  if (hasNoConnection(result)) {
    const fault = /\[Errno -?\d+\] [^'")]+|CERTIFICATE_VERIFY_FAILED|timed out|Tunnel[^'")]+/.exec(
      stderr,
    );
    const cause = fault ? ` (${fault[0]})` : '';
    return `${what}: no package index answered${cause}. Look at the network and at pip's settings (pip config list), then run this again`;
  }
  return `${what}: ${withoutCredentials(lastError(stderr))}`;
}
