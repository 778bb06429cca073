/** @file The folder of a run: where its files lie, and who may write to it. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Paths inside `runs/<experiment>/`. */
export const runPaths = (folder: string) => ({
  journal: join(folder, 'journal.jsonl'),
  lock: join(folder, 'lock'),
  workerLog: join(folder, 'workers.log'),
  report: join(folder, 'report.html'),
  /** Spec as written and as resolved, of each execution. */
  execution: (number: number, file: string) => join(folder, 'executions', String(number), file),
  trial: (number: number, file: string) => join(folder, 'trials', String(number), file),
});

/** Writes a file so that it is there whole or not at all, also after a crash. */
export function writeWhole(path: string, content: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.part`;
  const file = openSync(temporary, 'w');
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(file, bytes, written);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}

/** Takes the run for this process; the holder's process number where another one has it. */
export function lockRun(
  folder: string,
): { ok: true; release: () => void } | { ok: false; holder: number } {
  mkdirSync(folder, { recursive: true });
  const path = runPaths(folder).lock;
  for (;;) {
    try {
      writeFileSync(path, lockText(process.pid), { flag: 'wx' });
      return { ok: true, release: () => rmSync(path, { force: true }) };
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    }
    const text = readLock(path);
    if (text === undefined) continue;
    const holder = livingHolder(text);
    if (holder !== undefined) return { ok: false, holder };
    takeAway(path, text);
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
    if (!isCode(error, 'ENOENT') && !isCode(error, 'EEXIST')) throw error;
  }
}

function readLock(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
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
  } catch {
    return ''; // It ended between the two calls.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

export const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

export interface RunSummary {
  readonly experiment: string;
  readonly folder: string;
  /** When its journal was last written. */
  readonly modified: Date;
}

/** The runs under `runs/`, the one last written first. */
export function listRuns(runs: string): readonly RunSummary[] {
  if (!existsSync(runs)) return [];
  return readdirSync(runs, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(runPaths(join(runs, entry.name)).journal))
    .map((entry) => {
      const folder = join(runs, entry.name);
      return { experiment: entry.name, folder, modified: statSync(runPaths(folder).journal).mtime };
    })
    .sort((a, b) => b.modified.getTime() - a.modified.getTime());
}
