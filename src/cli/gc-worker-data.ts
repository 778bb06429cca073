/** @file The part of `gc` about the data that `worker` has fetched to this machine. */
import { clearFetched, type FetchedData, fetchedData, forgetGoneUsers } from '../data/index.ts';
import { leftoverLines, sizeText, sum } from './freed-text.ts';
import { workerCache } from './worker-cache.ts';

interface WorkerDataOptions {
  readonly dryRun: boolean;
  readonly workerData: boolean;
  readonly cache?: string;
}

export interface CleanedWorkerData {
  readonly folder: string;
  /** Before anything was removed. */
  readonly bytes: number;
  /** Of what running workers use: that stays. */
  readonly usedBytes: number;
  /** Those workers. */
  readonly users: readonly string[];
  readonly leftovers: readonly {
    readonly path: string;
    readonly bytes: number;
    readonly reason: string;
  }[];
  /** What `--worker-data` would free besides. */
  readonly clearable: number;
  /** What `leftovers` were worth; 0 in a dry run. */
  readonly freed: number;
}

/** Fetching data again may take long: only what is of no use goes without being asked for. */
export function cleanWorkerData(options: WorkerDataOptions): CleanedWorkerData | null {
  const folder = options.cache ?? workerCache();
  const all = fetchedData(folder);
  if (all.length === 0) return null;
  const free = all.filter(({ users }) => users.length === 0);
  const unneeded = free.filter(({ isHalf }) => isHalf || options.workerData);
  const removed = options.dryRun ? unneeded : clearFetched(folder, unneeded);
  if (!options.dryRun) forgetGoneUsers(folder);
  const used = all.filter(({ users }) => users.length > 0);
  return {
    folder,
    bytes: bytesOf(all),
    usedBytes: bytesOf(used),
    users: [...new Set(used.flatMap(({ users }) => users))],
    leftovers: removed.map(({ folder: path, bytes, isHalf }) => ({
      path,
      bytes,
      reason: isHalf ? 'half fetched by a worker that is gone' : 'data that no running worker uses',
    })),
    clearable: bytesOf(free) - bytesOf(unneeded),
    freed: options.dryRun ? 0 : bytesOf(removed),
  };
}

const bytesOf = (data: readonly FetchedData[]) => sum(data.map(({ bytes }) => bytes));

export function workerDataText(
  { folder, bytes, usedBytes, users, leftovers, clearable }: CleanedWorkerData,
  { dryRun }: WorkerDataOptions,
): string {
  const used = users.length > 0 ? [`  in use: ${sizeText(usedBytes)}, by ${users.join(', ')}`] : [];
  const more =
    clearable > 0
      ? [`  no running worker uses ${sizeText(clearable)} of it: gc --worker-data removes them`]
      : [];
  return [
    `data that workers fetched (${folder}): ${sizeText(bytes)}`,
    ...used,
    ...(leftovers.length > 0 || more.length === 0 ? leftoverLines(leftovers, dryRun) : []),
    ...more,
  ].join('\n');
}
