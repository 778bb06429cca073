/** @file What workers have fetched into their cache: what it costs, and how it is cleared. */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { usersIn } from './data-users.ts';

/** Fetched data, under the hash of their content; with what was left half fetched beside them. */
export interface FetchedData {
  readonly folder: string;
  readonly bytes: number;
  /** Running workers, for people; nothing of theirs is cleared. */
  readonly users: readonly string[];
  /** It was never whole: a fetch that was broken off. */
  readonly isHalf: boolean;
}

/** Nothing else in that folder is ours to clear, whatever it was named as. */
const fetched = /^([0-9a-f]+-[0-9a-f]{16})(\.\d+-[0-9a-f]+\.staging)?$/;

/** What lies there, the largest first. */
export function fetchedData(cache: string): readonly FetchedData[] {
  if (!existsSync(cache)) return [];
  const users = usersIn(cache).filter(({ isGone }) => !isGone);
  return readdirSync(cache, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const [, data, half] = fetched.exec(name) ?? [];
      if (data === undefined) return [];
      const own = users.filter(({ folder }) => folder === data).map((user) => user.name);
      const bytes = bytesIn(join(cache, name));
      return [{ folder: name, bytes, users: own, isHalf: half !== undefined }];
    })
    .sort((one, other) => other.bytes - one.bytes);
}

/**
 * Removes these, except what a worker has begun to use meanwhile; those that are gone now. A worker
 * says that it uses a folder before it looks whether it is there: so it either finds it gone and
 * fetches it, or is seen here and gets it back.
 */
export function clearFetched(cache: string, data: readonly FetchedData[]): readonly FetchedData[] {
  return data.filter(({ folder, users }) => {
    if (users.length > 0) return false;
    const path = join(cache, folder);
    const name = fetched.exec(folder)?.[1] ?? folder;
    const aside = join(cache, `${name}.${process.pid}-${randomBytes(4).toString('hex')}.staging`);
    renameSync(path, aside);
    const isWanted = usersIn(cache).some((user) => user.folder === name && !user.isGone);
    if (isWanted && !existsSync(path)) renameSync(aside, path);
    else rmSync(aside, { recursive: true, force: true });
    return !isWanted;
  });
}

/** What processes that are gone left beside the data: that they used them. */
export function forgetGoneUsers(cache: string): void {
  if (!existsSync(cache)) return;
  for (const { isGone, path } of usersIn(cache)) if (isGone) rmSync(path, { force: true });
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce(
      (sum, { parentPath, name }) =>
        sum + (statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
}
