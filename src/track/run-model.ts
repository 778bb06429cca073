/** @file What MLflow should hold of a run, folded from its journal: points are only ever added. */
import type {
  ChoiceRecord,
  DataRecord,
  EpochRecord,
  ExecutionRecord,
  FinishRecord,
  JournalRecord,
  SystemRecord,
  TrialRecord,
} from '../record/index.ts';

/** A metric's value at a step; the same record gives the same point whenever it is read. */
export interface Point {
  readonly key: string;
  readonly value: number;
  /** Milliseconds. */
  readonly timestamp: number;
  readonly step: number;
}

export type TrackedStatus = 'running' | 'finished' | 'failed' | 'pruned' | 'interrupted';

export interface TrackedTrial {
  readonly record: TrialRecord;
  /** Of its first start, milliseconds; null while it waits. */
  readonly started: number | null;
  /** Of its last record. */
  readonly touched: number;
  readonly status: TrackedStatus;
  /** In the order of the journal. */
  readonly points: readonly Point[];
  readonly finish: FinishRecord | null;
  readonly failure: string | null;
  /** Why a pruner stopped it. */
  readonly pruned: string | null;
  /** Of this trial alone, for pictures and notes. */
  readonly records: readonly JournalRecord[];
}

export interface RunModel {
  add(record: JournalRecord): void;
  readonly trials: ReadonlyMap<number, TrackedTrial>;
  readonly data: ReadonlyMap<string, DataRecord>;
  /** That the sweep made while it ran, since the last execution began. */
  readonly choices: readonly ChoiceRecord[];
  /** The last one. */
  readonly execution: ExecutionRecord | null;
  /** How the last execution ended; null while it goes on, or where it was killed. */
  readonly end: Extract<JournalRecord, { type: 'end' }> | null;
  /** Of the first record. */
  readonly started: number;
  /** Of the last record. */
  readonly touched: number;
}

type Growing = {
  -readonly [Key in keyof TrackedTrial]: TrackedTrial[Key] extends readonly (infer Item)[]
    ? Item[]
    : TrackedTrial[Key];
} & { epoch: number; samples: number };

export function createRunModel(): RunModel {
  const trials = new Map<number, Growing>();
  const data = new Map<string, DataRecord>();
  const choices: ChoiceRecord[] = [];
  const run: {
    -readonly [Key in 'execution' | 'end' | 'started' | 'touched']: RunModel[Key];
  } = { execution: null, end: null, started: 0, touched: 0 };
  return {
    trials,
    data,
    choices,
    get execution() {
      return run.execution;
    },
    get end() {
      return run.end;
    },
    get started() {
      return run.started;
    },
    get touched() {
      return run.touched;
    },
    add(record) {
      run.touched = Date.parse(record.time);
      run.started ||= run.touched;
      if (record.type === 'execution') {
        Object.assign(run, { execution: record, end: null });
        choices.length = 0;
      } else if (record.type === 'choice') choices.push(record);
      else if (record.type === 'end') run.end = record;
      else if (record.type === 'data') data.set(record.key, record);
      else if (record.type === 'trial') trials.set(record.number, newTrial(record));
      else if ('number' in record) grow(trials.get(record.number), record, run.touched);
    },
  };
}

const newTrial = (record: TrialRecord): Growing => ({
  record,
  started: null,
  touched: Date.parse(record.time),
  status: 'interrupted',
  points: [],
  finish: null,
  failure: null,
  pruned: null,
  records: [record],
  epoch: 0,
  samples: 0,
});

type OwnRecord = Extract<JournalRecord, { number: number }>;

function grow(trial: Growing | undefined, record: OwnRecord, time: number): void {
  // What comes after a finish is a repetition: a finished trial is never trained again.
  if (!trial || trial.finish) return;
  trial.touched = time;
  if (record.type !== 'system' && record.type !== 'checkpoint') trial.records.push(record);
  switch (record.type) {
    case 'start':
      trial.started ??= time;
      Object.assign(trial, { status: 'running', pruned: null });
      break;
    case 'epoch':
      growByEpoch(trial, record, time);
      break;
    case 'system':
      trial.points.push(...systemPoints(record, time, trial.samples));
      trial.samples += 1;
      break;
    case 'finish':
      Object.assign(trial, { finish: record, status: 'finished', failure: null });
      trial.points.push(...finalPoints(record, time), ...lastFinite(trial.points, time));
      break;
    case 'fail':
      if (record.isRetried) break;
      Object.assign(trial, { status: 'failed', failure: record.reason });
      trial.points.push(...lastFinite(trial.points, time));
      break;
    case 'prune':
      Object.assign(trial, { status: 'pruned', pruned: record.reason });
      break;
    case 'interrupt':
      // A pruner's decision is carried out by an interruption.
      if (!trial.pruned) trial.status = 'interrupted';
      break;
    default: // `trial` and `checkpoint` say nothing new.
  }
}

/** An epoch that was trained again from a checkpoint gave the same numbers: it counts once. */
function growByEpoch(trial: Growing, { epoch, metrics }: EpochRecord, timestamp: number): void {
  // What a pruned trial trains until it hears of the decision does not count.
  if (epoch <= trial.epoch || trial.pruned) return;
  trial.epoch = epoch;
  for (const [key, value] of Object.entries(metrics))
    trial.points.push({ key, value, timestamp, step: epoch });
}

const systemPoints = ({ metrics }: SystemRecord, timestamp: number, step: number) =>
  Object.entries(metrics).map(([name, value]) => ({
    key: `system/${name}`,
    value,
    timestamp,
    step,
  }));

function finalPoints(record: FinishRecord, timestamp: number): readonly Point[] {
  const { bestEpoch: step, epochs, seconds, weights } = record;
  const best = Object.entries(record.metrics).map(
    ([key, value]) => [`best/${key}`, value] as const,
  );
  const facts = [
    ['epochs', epochs],
    ['best/epoch', step],
    ['seconds', seconds],
    ['weights', weights],
  ] as const;
  return [...best, ...facts].map(([key, value]) => ({ key, value, timestamp, step }));
}

/** MLflow hides a metric whose last value is NaN: the last number before it stays to be seen. */
function lastFinite(points: readonly Point[], timestamp: number): readonly Point[] {
  const finite = new Map<string, Point>();
  const last = new Map<string, Point>();
  for (const point of points) {
    last.set(point.key, point);
    if (Number.isFinite(point.value)) finite.set(point.key, point);
  }
  return [...last.values()].flatMap(({ key, value }) => {
    const before = finite.get(key);
    const name = `${key}/last_finite`;
    if (!Number.isNaN(value) || !before || last.get(name)?.step === before.step) return [];
    return [{ key: name, value: before.value, timestamp, step: before.step }];
  });
}

/** The metrics whose last value is not a number, for a tag: their charts are empty. */
export function undefinedMetrics({ points }: Pick<TrackedTrial, 'points'>): readonly string[] {
  const last = new Map(points.map(({ key, value }) => [key, value]));
  return [...last].flatMap(([key, value]) => (Number.isNaN(value) ? [key] : []));
}
