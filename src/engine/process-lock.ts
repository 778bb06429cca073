/** @file A lock file that one living process holds; a dead process's lock is taken over. */
import {
  existsSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';

export type LockResult =
  | { readonly ok: true; readonly release: () => void }
  /** The process that has it. */
  | { readonly ok: false; readonly holder: number };

/** Takes the lock for this process, without waiting. Its folder must exist. */
export function takeLock(path: string): LockResult {
  for (;;) {
    try {
      writeFileSync(path, lockText(process.pid), { flag: 'wx' });
      return { ok: true, release: () => rmSync(path, { force: true }) };
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
    const text = readLock(path);
    if (text === undefined) continue;
    const holder = livingHolder(text);
    if (holder !== undefined) return { ok: false, holder };
    takeAway(path, text);
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

/** Moves the lock of a dead process away; puts it back if another process was quicker. */
function takeAway(path: string, dead: string): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, 'utf8') !== dead) linkSync(aside, path);
    unlinkSync(aside);
  } catch (error) {
    if (!hasCode(error, 'ENOENT') && !hasCode(error, 'EEXIST')) throw error;
  }
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

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
