/** @file Fetches the wheel with the user's own pip, checks its hash, takes the libraries out. */
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Attempt } from './engine-plan.ts';
import { tensorflowVersion, type Wheel } from './native-parts.ts';
import { lastLine, runProgram } from './run-program.ts';

/** pip is given up after this long without a byte. */
const patienceMilliseconds = 180_000;
const megabytes = (bytes: number) => Math.round(bytes / 1e6);

/** Downloads into `staging`; the path of the checked wheel. */
export async function fetchWheel(
  wheel: Wheel,
  staging: string,
  report: (line: string) => void,
): Promise<Attempt<{ path: string }>> {
  const folder = join(staging, 'wheel');
  mkdirSync(folder, { recursive: true });
  const watch = watchSize(folder, wheel, report);
  const result = await runProgram('python3', pipArguments(wheel, folder), {
    // pip downloads into its own temporary folder first: there, where its size can be seen.
    env: { ...process.env, TMPDIR: folder, PIP_NO_INPUT: '1', PIP_DISABLE_PIP_VERSION_CHECK: '1' },
    whileRunning: watch,
  });
  const name = readdirSync(folder).find((file) => file.endsWith('.whl'));
  if (result.status !== 0 || name === undefined) {
    const cause =
      result.status === null ? 'it made no progress for 3 minutes' : lastLine(result.stderr);
    return {
      ok: false,
      reason: `pip could not fetch ${wheel.project} ${tensorflowVersion}: ${cause}`,
    };
  }
  const path = join(folder, name);
  const sha256 = await hashOf(path);
  if (sha256 === wheel.sha256) return { ok: true, path };
  rmSync(path);
  return { ok: false, reason: `${name} has the hash ${sha256}, not the expected ${wheel.sha256}` };
}

const pipArguments = (wheel: Wheel, folder: string) => [
  ...['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--progress-bar=off'],
  ...['--python-version', '3.12', '--implementation', 'cp', '--platform', wheel.platform],
  ...['--dest', folder, `${wheel.project}==${tensorflowVersion}`],
];

/** Reports the size once a second; false when nothing has come for too long. */
function watchSize(folder: string, wheel: Wheel, report: (line: string) => void): () => boolean {
  let [size, since, reported] = [0, Date.now(), Date.now()];
  return () => {
    const now = Date.now();
    const current = sizeOf(folder);
    if (current !== size) [size, since] = [current, now];
    if (now - reported >= 1000) {
      const done = Math.min(megabytes(size), megabytes(wheel.bytes));
      report(`fetching TensorFlow ${tensorflowVersion}: ${done} of ${megabytes(wheel.bytes)} MB`);
      reported = now;
    }
    return now - since < patienceMilliseconds;
  };
}

function sizeOf(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries.reduce((sum, entry) => {
    // A file may be moved while we look.
    const stat = statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false });
    return sum + (stat?.isFile() ? stat.size : 0);
  }, 0);
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Takes the C library and its headers out, by Python's own zip reader (a wheel is a zip file). */
const unpackScript = `
import os, shutil, sys, zipfile
wheel, libraries, headers, names = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
with zipfile.ZipFile(wheel) as archive:
    for name in names:
        with archive.open('tensorflow/' + name) as source, open(os.path.join(libraries, name), 'wb') as target:
            shutil.copyfileobj(source, target, 1 << 22)
    prefixes = tuple('tensorflow/include/' + part for part in ('tensorflow/', 'tsl/', 'xla/'))
    archive.extractall(headers, [name for name in archive.namelist() if name.startswith(prefixes)])
`;

/** Into `libraries` and `headers`, which are made. */
export async function unpackWheel(
  wheel: Wheel,
  path: string,
  libraries: string,
  headers: string,
): Promise<Attempt<object>> {
  for (const folder of [libraries, headers]) mkdirSync(folder, { recursive: true });
  const args = ['-c', unpackScript, path, libraries, headers, ...wheel.libraries];
  const { status, stderr } = await runProgram('python3', args);
  return status === 0
    ? { ok: true }
    : { ok: false, reason: `unpacking failed: ${lastLine(stderr)}` };
}
