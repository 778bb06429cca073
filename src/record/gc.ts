/** @file What a run's folder costs, and what of it nobody needs any more. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { isAlive } from '../engine/process-lock.ts';
import { readJournal } from './journal.ts';
import type { JournalRecord } from './journal-record.ts';
import { checkpointFile, runPaths } from './run-folder.ts';

export const costKinds = [
  'journal',
  'models',
  'checkpoints',
  'predictions',
  'data',
  'workerLog',
  'other',
] as const;
export type CostKind = (typeof costKinds)[number];

/** Something that can go: no command reads it, or it is made again from its source when needed. */
export interface Leftover {
  /** From the run's folder. */
  readonly path: string;
  readonly bytes: number;
  readonly reason: string;
}

export interface FolderCost {
  readonly bytes: Readonly<Record<CostKind, number>>;
  readonly leftovers: readonly Leftover[];
}

export interface GarbageOptions {
  /** Checkpoints of pruned trials as well: they would have to be trained from their start. */
  readonly pruned: boolean;
}

interface RunFile {
  readonly path: string;
  readonly bytes: number;
}

/** Looks only. Of a run that a process is at work on, `leftovers` are not to be trusted. */
export function folderCost(folder: string, options: GarbageOptions): FolderCost {
  // The lock is the caller's own.
  const files = filesIn(folder).filter(({ path }) => path !== 'lock');
  const bytes = Object.fromEntries(costKinds.map((kind) => [kind, 0])) as Record<CostKind, number>;
  for (const file of files) bytes[kindOf(file.path)] += file.bytes;
  const reasonOf = reasons(readJournal(runPaths(folder).journal), options);
  const whole = new Map<string, Leftover>();
  for (const file of files) {
    const found = reasonOf(file.path);
    if (!found) continue;
    const before = whole.get(found.path)?.bytes ?? 0;
    whole.set(found.path, { ...found, bytes: before + file.bytes });
  }
  return { bytes, leftovers: [...whole.values()] };
}

/** To be called by whoever holds the run's lock. */
export function removeLeftovers(folder: string, leftovers: readonly Leftover[]): void {
  for (const { path } of leftovers) rmSync(join(folder, path), { recursive: true, force: true });
}

function filesIn(folder: string, inside = ''): readonly RunFile[] {
  return readdirSync(join(folder, inside), { withFileTypes: true }).flatMap((entry) => {
    const path = join(inside, entry.name);
    if (entry.isDirectory()) return filesIn(folder, path);
    const found = statSync(join(folder, path), { throwIfNoEntry: false });
    return found ? [{ path, bytes: found.size }] : [];
  });
}

function kindOf(path: string): CostKind {
  const [top, , file] = path.split(sep);
  if (top === 'data') return 'data';
  if (top === 'journal.jsonl') return 'journal';
  if (top === 'workers.log') return 'workerLog';
  if (top !== 'trials') return 'other';
  if (file === 'model') return 'models';
  if (file?.startsWith('predictions')) return 'predictions';
  return file?.startsWith(checkpointFile) ? 'checkpoints' : 'other';
}

/** Tells of a file why it, or the folder that it lies in, can go; undefined where it stays. */
function reasons(records: readonly JournalRecord[], { pruned }: GarbageOptions) {
  const statuses = statusesOf(records);
  const needed = neededData(records);
  return (path: string): Omit<Leftover, 'bytes'> | undefined => {
    const parts = path.split(sep);
    const [top, second = ''] = parts;
    const writer = /\.(\d+)(?:\.part|\.new|-[0-9a-f]+\.staging(?:\.broken)?)$/;
    const unfinished = parts.findIndex((part) => writer.test(part));
    if (unfinished >= 0) {
      if (isAlive(Number(writer.exec(parts[unfinished] ?? '')?.[1]))) return undefined;
      const reason = 'half written by a process that is gone';
      return { path: join(...parts.slice(0, unfinished + 1)), reason };
    }
    if (top === 'trials' && parts[2] === checkpointFile) {
      const status = statuses.get(Number(second)) ?? 'unknown';
      const reason = checkpointReasons[status];
      return reason && (status !== 'pruned' || pruned) ? { path, reason } : undefined;
    }
    if (top === 'data' && parts.length > 2 && needed && !needed.has(second)) {
      return { path: join(top, second), reason: 'prepared data of no trial of the last execution' };
    }
    return undefined;
  };
}

type Standing = 'finished' | 'pruned' | 'open' | 'unknown';
const checkpointReasons: Readonly<Record<Standing, string | null>> = {
  finished: 'checkpoint of a finished trial',
  pruned: 'checkpoint of a pruned trial',
  open: null,
  unknown: 'checkpoint of a trial that the journal does not know',
};

/** A trial that failed or was interrupted goes on from its checkpoint: it is open. */
function statusesOf(records: readonly JournalRecord[]): ReadonlyMap<number, Standing> {
  const statuses = new Map<number, Standing>();
  for (const record of records) {
    if (!('number' in record)) continue;
    const { type, number }: { readonly type: string; readonly number: number } = record;
    if (type === 'finish') statuses.set(number, 'finished');
    else if (statuses.get(number) === 'finished') continue;
    else if (type === 'prune') statuses.set(number, 'pruned');
    else if (type === 'trial' || type === 'start') statuses.set(number, 'open');
  }
  return statuses;
}

/**
 * Keys of the data that the last execution's trials read, those that it added later among them.
 * undefined where the journal does not tell: journals before 0.3.
 */
function neededData(records: readonly JournalRecord[]): ReadonlySet<string> | undefined {
  const last = records.findLastIndex(({ type }) => type === 'execution');
  const execution = records[last];
  if (execution?.type !== 'execution') return undefined;
  const numbers = new Set(execution.trials);
  for (const record of records.slice(last)) if ('number' in record) numbers.add(record.number);
  const keys = new Set<string>();
  for (const record of records) {
    if (record.type !== 'trial' || !numbers.has(record.number)) continue;
    if (record.data === undefined) return undefined;
    keys.add(record.data);
  }
  return keys;
}
