/** @file The folder of a run: where its files lie, and who may write to it. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type LockResult, takeLock } from '../engine/process-lock.ts';

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
