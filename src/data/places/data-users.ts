/** @file Who works with fetched data: a file beside them for each process, so that nobody clears them away. */
import { mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { lockHolder, takeLock } from '../../engine/process-lock.ts';

/** Of this machine, as it stands in the names of files. */
const host = hostname().replace(/[^A-Za-z0-9_-]/g, '_');

/** A cache may lie on a disk that other machines see: whether their processes live nobody can ask. */
const trustedMilliseconds = 24 * 3_600_000;
const renewMilliseconds = 3_600_000;

/** The files of this process. */
const own = new Set<string>();
let renewing: NodeJS.Timeout | undefined;

function watch(): void {
  if (renewing) return;
  renewing = setInterval(() => own.forEach(renew), renewMilliseconds).unref();
  process.once('exit', () => {
    for (const path of own) rmSync(path, { force: true });
  });
}

/**
 * From now on `directory`, which need not be there yet, is this process's, until it is released or
 * the process ends.
 */
export function useData(directory: string): () => void {
  mkdirSync(dirname(directory), { recursive: true });
  const path = `${directory}.${host}.${process.pid}.user`;
  // Where it is this process's own already, whoever said so first releases it.
  if (!takeLock(path).ok) return () => {};
  own.add(path);
  watch();
  return () => {
    own.delete(path);
    rmSync(path, { force: true });
  };
}

function renew(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // The folder was removed by hand: who uses it will notice.
  }
}

export interface DataUser {
  /** The name of the data's folder. */
  readonly folder: string;
  /** For people. */
  readonly name: string;
  readonly path: string;
  readonly isGone: boolean;
}

const userFile = /^(.+)\.([A-Za-z0-9_-]+)\.(\d+)\.user$/;

/** Of all data in a worker's cache. */
export function usersIn(cache: string): readonly DataUser[] {
  return readdirSync(cache).flatMap((file) => {
    const [, folder, machine = '', process = ''] = userFile.exec(file) ?? [];
    if (folder === undefined) return [];
    const path = join(cache, file);
    const isOwn = machine === host;
    const isGone = isOwn ? lockHolder(path) === undefined : isOld(path);
    return [
      {
        folder,
        name: isOwn ? `process ${process}` : `process ${process} on ${machine}`,
        path,
        isGone,
      },
    ];
  });
}

function isOld(path: string): boolean {
  const renewed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Date.now() - renewed > trustedMilliseconds;
}
