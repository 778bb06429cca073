/** @file One run of ours, as a user starts it, and its journal. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type JournalRecord, readJournal, runPaths } from '../../src/record/index.ts';
import { type ChildResult, type Failure, root, runChild, runExperiment } from './child.ts';

export interface OwnRunRequest {
  /** For its runs, which are removed afterwards. */
  readonly folder: string;
  /** Relative to the repository. */
  readonly spec: string;
  readonly experiment: string;
  /** The table that `BENCH_DATA` names. */
  readonly data?: string;
  readonly overrides?: readonly string[];
  readonly arguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Called ten times a second. */
  readonly watch?: (pid: number, journal: string) => void;
}

export type OwnRun = (ChildResult & { readonly journal: readonly JournalRecord[] }) | Failure;

export async function runOwn(request: OwnRunRequest): Promise<OwnRun> {
  const {
    folder,
    spec,
    experiment,
    data,
    overrides = [],
    arguments: more = [],
    env,
    watch,
  } = request;
  const runs = mkdtempSync(join(folder, 'runs-'));
  const { journal } = runPaths(join(runs, experiment));
  try {
    const result = await runChild({
      ...runExperiment(join(root, spec), ...overrides, '--runs', runs, ...more),
      env: { ...env, ...(data === undefined ? {} : { BENCH_DATA: data }) },
      watch: watch && ((pid) => watch(pid, journal)),
    });
    return result.ok ? { ...result, journal: readJournal(journal) } : result;
  } finally {
    rmSync(runs, { recursive: true, force: true });
  }
}

/** The best that any trial reached in any epoch, as the tuners tell it. */
export function bestOf(
  journal: readonly JournalRecord[],
  metric: string,
  direction: 'maximize' | 'minimize',
): number {
  const values = journal.flatMap((record) =>
    record.type === 'epoch' ? [record.metrics[metric] ?? Number.NaN] : [],
  );
  return direction === 'maximize' ? Math.max(...values) : Math.min(...values);
}
