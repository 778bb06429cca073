/** @file What XLA compiled, kept on disk: the next process that needs the same program only loads it. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
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

/** Where graphs lie for the moment in which TensorFlow reads them. */
export const graphFolder = (): string => join(cacheDirectory(), 'programs');

const hour = 3_600_000;

/** What processes left there that were killed in that moment. */
function removeLeftovers(): void {
  for (const path of pathsIn(graphFolder())) {
    const { mtimeMs = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
    if (Date.now() - mtimeMs > hour) rmSync(path, { recursive: true, force: true });
  }
}

/** Makes the folder, and removes the oldest files beyond a number. */
export function openProgramCache(): void {
  removeLeftovers();
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

const cached = () => pathsIn(folder());

function pathsIn(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory).map((name) => join(directory, name));
}
