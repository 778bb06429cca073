/** @file `run-experiment gc`: what runs cost on the disk; removes what nobody needs any more. */
import {
  type CostKind,
  costKinds,
  folderCost,
  type Leftover,
  listRuns,
  lockRun,
  type RunSummary,
  removeLeftovers,
} from '../record/index.ts';
import { leftoverLines, sizeText, sum } from './freed-text.ts';
import { cleanWorkerData, workerDataText } from './gc-worker-data.ts';
import { type CommonOptions, type ExitStatus, output } from './output.ts';
import { unknownRun } from './unknown-run.ts';

export interface GcOptions extends CommonOptions {
  readonly dryRun: boolean;
  readonly pruned: boolean;
  /** Data that workers fetched, too. */
  readonly workerData: boolean;
  /** Where they did; default: in the cache. */
  readonly cache?: string;
}

/**
 * Of one run, or of all and of what workers fetched. A run that is at work is left alone, and who
 * works on it is said.
 */
export function gcCommand(experiment: string | undefined, options: GcOptions): ExitStatus {
  const all = listRuns(options.runs);
  const chosen = all.filter((run) => experiment === undefined || run.experiment === experiment);
  const isAsked = experiment === undefined || options.workerData || options.cache !== undefined;
  const workerData = isAsked ? cleanWorkerData(options) : null;
  if (chosen.length === 0 && (experiment !== undefined || workerData === null)) {
    output.note(unknownRun(experiment, options.runs, all));
    return 2;
  }
  const cleaned = chosen.map((run) => cleanRun(run, options));
  if (options.json) output.result(JSON.stringify({ runs: cleaned, workerData }, null, 2));
  for (const run of options.json ? [] : cleaned) {
    if (run.holder === null) output.result(textOf(run, options));
    else output.note(heldText(run, run.holder));
  }
  if (workerData && !options.json) output.result(workerDataText(workerData, options));
  return experiment !== undefined && cleaned.some(({ holder }) => holder !== null) ? 2 : 0;
}

interface CleanedRun {
  readonly experiment: string;
  readonly folder: string;
  /** The process that works on it: then nothing was looked at. */
  readonly holder: number | null;
  /** Before anything was removed, by kind. */
  readonly bytes: Readonly<Partial<Record<CostKind, number>>>;
  readonly leftovers: readonly Leftover[];
  /** What `leftovers` were worth; 0 in a dry run. */
  readonly freed: number;
}

/** Under the run's lock: a checkpoint that is not needed now may be needed by a run that begins. */
function cleanRun({ experiment, folder }: RunSummary, options: GcOptions): CleanedRun {
  const run = { experiment, folder };
  const lock = lockRun(folder);
  if (!lock.ok) return { ...run, holder: lock.holder, bytes: {}, leftovers: [], freed: 0 };
  try {
    const cost = folderCost(folder, options);
    if (!options.dryRun) removeLeftovers(folder, cost.leftovers);
    const freed = options.dryRun ? 0 : sum(cost.leftovers.map(({ bytes }) => bytes));
    return { ...run, holder: null, ...cost, freed };
  } finally {
    lock.release();
  }
}

const heldText = ({ folder }: CleanedRun, holder: number) =>
  `run-experiment: ${folder} is in use by process ${holder}: it is left as it is`;

const words: Readonly<Record<CostKind, string>> = {
  journal: 'journal',
  models: 'models',
  checkpoints: 'checkpoints',
  predictions: 'predictions',
  data: 'prepared data',
  workerLog: 'workers’ log',
  other: 'other',
};

function textOf({ experiment, bytes, leftovers }: CleanedRun, { dryRun }: GcOptions): string {
  const rows = costKinds.map((kind) => [words[kind], bytes[kind] ?? 0] as const);
  const total = sum(rows.map(([, size]) => size));
  const costs = rows.filter(([, size]) => size > 0);
  const lines = costs.map(([word, size]) => `  ${word.padEnd(14)} ${sizeText(size).padStart(10)}`);
  return [`${experiment}: ${sizeText(total)}`, ...lines, ...leftoverLines(leftovers, dryRun)].join(
    '\n',
  );
}
