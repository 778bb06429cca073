/** @file A lock file that one living process holds; a dead process's lock is taken over. */
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

export type LockResult =
  | { readonly ok: true; readonly release: () => void }
  /** The process that has it. */
  | { readonly ok: false; readonly holder: number };

/** Takes the lock for this process, without waiting. Its folder must exist. */
export function takeLock(path: string): LockResult {
  for (;;) {
    if (createLock(path)) return { ok: true, release: () => rmSync(path, { force: true }) };
    const text = readLock(path);
    if (text === undefined) continue;
    const holder = livingHolder(text) ?? takeAway(path, text);
    if (holder !== undefined) return { ok: false, holder };
  }
}

/**
 * With its text in it from the first moment on: who finds an empty one has to take it for one of a
 * process that died, or whose machine lost its power.
 */
function createLock(path: string): boolean {
  const own = `${path}.${process.pid}.new`;
  try {
    writeFileSync(own, lockText(process.pid));
    linkSync(own, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    if (!linkless.some((code) => hasCode(error, code))) throw error;
    return createInPlace(path);
  } finally {
    rmSync(own, { force: true });
  }
}

/** What a file system without links says. */
const linkless = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

function createInPlace(path: string): boolean {
  try {
    writeFileSync(path, lockText(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** The living process that has it, if there is one. */
export function lockHolder(path: string): number | undefined {
  const text = readLock(path);
  return text === undefined ? undefined : livingHolder(text);
}

/** Takes the lock as soon as it is free, asking twice a second. `onWait` is called once. */
export async function waitForLock(
  path: string,
  onWait: (holder: number) => void,
): Promise<() => void> {
  for (let isFirst = true; ; isFirst = false) {
    const lock = takeLock(path);
    if (lock.ok) return lock.release;
    if (isFirst) onWait(lock.holder);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/**
 * Removes the lock of a dead process; the process that is doing so already, if there is one. Only
 * one at a time may: between reading a dead lock and removing it, another one could have removed it
 * and taken its own.
 */
function takeAway(path: string, dead: string): number | undefined {
  const guard = takeLock(`${path}.takeover`);
  if (!guard.ok) return guard.holder;
  try {
    if (readLock(path) === dead) rmSync(path, { force: true });
  } finally {
    guard.release();
  }
  return undefined;
}

function readLock(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function livingHolder(text: string): number | undefined {
  const holder = Number.parseInt(text, 10);
  if (!Number.isInteger(holder)) return undefined;
  return text === lockText(holder) && isAlive(holder) ? holder : undefined;
}

/** Process number and, where the system tells it, start time: a number may be used again. */
const lockText = (pid: number) => `${pid} ${startTime(pid)}`;

function startTime(pid: number): string {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return '';
  try {
    return readFileSync(path, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ESRCH')) return ''; // It ended in between.
    throw error;
  }
}

/** Whether there is a process of this number, of any user. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
