/** @file What XLA compiled, kept on disk: the next process that needs the same program only loads it. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { cacheDirectory } from './cache-directory.ts';
import { tensorflowVersion } from './native-parts.ts';

/** About 0.5 MB for each structure of a model. */
const mostFiles = 400;

/** Its own for each kind of processor: what lies in it is machine code. */
function folder(): string {
  const machine = [tensorflowVersion, process.arch, cpus()[0]?.model];
  const name = createHash('sha256').update(JSON.stringify(machine)).digest('hex').slice(0, 16);
  return join(cacheDirectory(), 'xla', name);
}

/** TensorFlow's flag for it; none where the folder's name would not survive the flags' syntax. */
export function programCacheFlag(): string {
  const path = folder();
  return /\s/.test(path) ? '' : `--tf_xla_persistent_cache_directory=${path}`;
}

/** Makes the folder, and removes the oldest files beyond a number. */
export function openProgramCache(): void {
  mkdirSync(folder(), { recursive: true });
  const files = cached().map((path) => ({ path, age: statSync(path, { throwIfNoEntry: false }) }));
  const newestFirst = files.sort(
    (one, other) => (other.age?.mtimeMs ?? 0) - (one.age?.mtimeMs ?? 0),
  );
  for (const { path } of newestFirst.slice(mostFiles)) rmSync(path, { force: true });
}

/** After a failure that a broken file may have caused. Returns whether there was anything. */
export function forgetPrograms(): boolean {
  const files = cached();
  for (const path of files) rmSync(path, { force: true });
  return files.length > 0;
}

function cached(): readonly string[] {
  try {
    return readdirSync(folder()).map((name) => join(folder(), name));
  } catch {
    // It was never made: nothing is cached.
    return [];
  }
}
