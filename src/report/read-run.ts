/** @file A run as its journal tells it: trials with their status, curves and metrics, and ranks. */
import type {
  EpochRecord,
  ExecutionRecord,
  FinishRecord,
  HeadRecord,
  JournalRecord,
  LeftOutRecord,
  ProgramRecord,
  TrialRecord,
} from '../record/journal-record.ts';

export const trialStatuses = [
  'finished',
  'failed',
  'pruned',
  'interrupted',
  'running',
  'not started',
] as const;
export type TrialStatus = (typeof trialStatuses)[number];

export interface TrialView {
  readonly number: number;
  readonly id: string;
  readonly choice: string;
  readonly status: TrialStatus;
  readonly tasks: readonly string[];
  readonly control: 'singleTask' | null;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly replicate: number;
  readonly seed: number;
  readonly epochs: number;
  readonly bestEpoch: number | null;
  readonly seconds: number;
  /** At the best epoch, of a pruned trial at its last one: `validation/<head>/<metric>`, `test/<head>/<metric>`, `…/loss`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Metrics of each epoch. */
  readonly curve: readonly Readonly<Record<string, number>>[];
  readonly weights: number | null;
  /** What trained it; null where it has not finished, or in a journal of 0.1. */
  readonly program: ProgramRecord | null;
  /** Why it failed, or was pruned. */
  readonly reason: string | null;
}

export type Objective = ExecutionRecord['objective'];

export interface RunView {
  readonly experiment: string;
  readonly question: string | null;
  readonly objective: Objective;
  readonly heads: Readonly<Record<string, HeadRecord>>;
  /** Without those that a budget left out before they began. */
  readonly trials: readonly TrialView[];
  readonly leftOut: readonly LeftOutRecord[];
  readonly engine: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

export interface ReadOptions {
  /** The trials of the spec as last executed, or every trial ever trained. */
  readonly execution?: 'last' | 'all';
  /** Whether a process is at work on the run: then unfinished trials are running. */
  readonly isLive?: boolean;
}

interface Gathered {
  readonly trial: TrialRecord;
  readonly epochs: Map<number, EpochRecord>;
  last: 'start' | 'fail' | 'retry' | 'interrupt' | 'prune' | 'finish' | 'none';
  /** In any execution: what waited for a worker when it was interrupted never ran. */
  hasStarted: boolean;
  finish: FinishRecord | null;
  /** Of a pruned trial: what it trained until it heard of the decision does not count. */
  lastEpoch: number;
  reason: string | null;
}

/** Records that are repeated or come late do no harm: the last one counts. */
export function readRun(records: Iterable<JournalRecord>, options: ReadOptions = {}): RunView {
  const trials = new Map<number, Gathered>();
  let execution: ExecutionRecord | undefined;
  let leftOut: readonly LeftOutRecord[] = [];
  const added: number[] = [];
  const notes = new Set<string>();
  for (const record of records) {
    if (record.type === 'execution') {
      execution = record;
      leftOut = [];
      added.length = 0;
    } else if (record.type === 'choice') added.push(...record.trials);
    else if (record.type === 'end') leftOut = record.leftOut ?? [];
    else if (record.type === 'note') notes.add(record.text);
    else if (record.type === 'trial') trials.set(record.number, newTrial(record));
    else if ('number' in record) gather(trials.get(record.number), record);
  }
  const hasBegun = (number: number) => isBegun(trials.get(number));
  const never = withoutBegun(leftOut, hasBegun);
  const wanted = new Set([...(execution?.trials ?? []), ...added]);
  for (const number of never.flatMap(({ trials: own = [] }) => own)) wanted.delete(number);
  const isShown = (number: number) => wanted.has(number) || hasBegun(number);
  const listed = options.execution === 'all' ? [...trials.keys()].filter(isShown) : [...wanted];
  const shown = listed.flatMap((number) => trials.get(number) ?? []);
  return {
    experiment: execution?.experiment ?? '',
    question: execution?.question ?? null,
    objective: execution?.objective ?? [],
    heads: execution?.heads ?? {},
    trials: shown.map((each) => viewOf(each, options.isLive ?? false)),
    leftOut: never,
    engine: execution?.engine ?? '',
    environment: execution?.environment ?? {},
    notes: [...notes],
  };
}

const newTrial = (trial: TrialRecord): Gathered => ({
  trial,
  epochs: new Map(),
  last: 'none',
  hasStarted: false,
  finish: null,
  lastEpoch: Number.POSITIVE_INFINITY,
  reason: null,
});

function gather(trial: Gathered | undefined, record: JournalRecord): void {
  if (!trial) return;
  if (record.type === 'start' || record.type === 'epoch') trial.hasStarted = true;
  if (record.type === 'epoch') trial.epochs.set(record.epoch, record);
  else if (record.type === 'finish') Object.assign(trial, { last: 'finish', finish: record });
  else if (record.type === 'fail') {
    Object.assign(trial, { last: record.isRetried ? 'retry' : 'fail', reason: record.reason });
  } else if (record.type === 'prune')
    Object.assign(trial, { last: 'prune', reason: record.reason, lastEpoch: record.epoch });
  // A pruner's decision is carried out by an interruption.
  else if (record.type === 'interrupt' && trial.last === 'prune') return;
  else if (record.type === 'start' || record.type === 'interrupt')
    Object.assign(trial, { last: record.type, lastEpoch: Number.POSITIVE_INFINITY });
}

const isBegun = (trial: Gathered | undefined): boolean =>
  trial !== undefined && statusOf(trial, false) !== 'not started';

/** What an earlier execution had begun is shown as what it is: interrupted. */
function withoutBegun(
  leftOut: readonly LeftOutRecord[],
  hasBegun: (number: number) => boolean,
): readonly LeftOutRecord[] {
  return leftOut.flatMap(({ trials, ...rest }) => {
    if (!trials) return [rest];
    const never = trials.filter((number) => !hasBegun(number));
    return never.length > 0 ? [{ ...rest, trials: never }] : [];
  });
}

function statusOf({ last, finish, hasStarted }: Gathered, isLive: boolean): TrialStatus {
  if (finish) return 'finished';
  if (last === 'fail') return 'failed';
  if (last === 'prune') return 'pruned';
  if (!hasStarted) return 'not started';
  return isLive && last === 'start' ? 'running' : 'interrupted';
}

function viewOf(gathered: Gathered, isLive: boolean): TrialView {
  const { trial, finish, epochs, lastEpoch, reason } = gathered;
  const { type: _, time: __, ...identity } = trial;
  const curve = [...epochs.values()]
    .filter(({ epoch }) => epoch <= lastEpoch)
    .sort((one, other) => one.epoch - other.epoch);
  const status = statusOf(gathered, isLive);
  return {
    ...identity,
    status,
    epochs: finish?.epochs ?? curve.length,
    bestEpoch: finish?.bestEpoch ?? null,
    seconds: finish?.seconds ?? curve.at(-1)?.seconds ?? 0,
    metrics: finish?.metrics ?? (status === 'pruned' ? lastMeasured(curve) : {}),
    curve: curve.map(({ metrics }) => metrics),
    weights: finish?.weights ?? null,
    program: finish?.program ?? null,
    reason: status === 'failed' || status === 'pruned' ? reason : null,
  };
}

const lastMeasured = (curve: readonly EpochRecord[]) =>
  Object.fromEntries(
    Object.entries(curve.at(-1)?.metrics ?? {}).filter(([name]) => name.startsWith('validation/')),
  );
