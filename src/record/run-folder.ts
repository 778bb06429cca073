/** @file The folder of a run: where its files lie, and who may write to it. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type LockResult, takeLock } from '../engine/process-lock.ts';
import { withPath, writeAll } from './write-all.ts';

/** In a trial's folder, until it is finished. */
export const checkpointFile = 'checkpoint.bin';

/** Paths inside `runs/<experiment>/`. */
export const runPaths = (folder: string) => ({
  journal: join(folder, 'journal.jsonl'),
  lock: join(folder, 'lock'),
  workerLog: join(folder, 'workers.log'),
  report: join(folder, 'report.html'),
  /** Spec as written and as resolved, of each execution. */
  execution: (number: number, file: string) => join(folder, 'executions', String(number), file),
  trials: join(folder, 'trials'),
  trial: (number: number, file: string) => join(folder, 'trials', String(number), file),
});

/**
 * Writes a file so that it is there whole or not at all, also after a crash. What the file system
 * throws (no space, no permission) has the file's path.
 */
export function writeWhole(path: string, content: Uint8Array | string): void {
  const temporary = `${path}.${process.pid}.part`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeAndFlush(temporary, typeof content === 'string' ? Buffer.from(content) : content);
    renameSync(temporary, path);
  } catch (error) {
    // Half a model on a full disk would keep it full.
    rmSync(temporary, { force: true });
    throw withPath(error, path);
  }
}

/** The same for several files, path → content: the disk flushes them together. */
export async function writeFilesWhole(files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  const results = await Promise.allSettled(
    Object.entries(files).map(([path, content]) => writeFileWhole(path, content)),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

async function writeFileWhole(path: string, content: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw withPath(error, path);
  }
}

function writeAndFlush(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'w');
  try {
    writeAll(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Takes the run for this process; the holder's process number where another one has it. */
export function lockRun(folder: string): LockResult {
  mkdirSync(folder, { recursive: true });
  return takeLock(runPaths(folder).lock);
}

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
