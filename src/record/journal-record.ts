/** @file The journal's format: one JSON object a line, append-only. Old journals stay readable. */

/** Numbers by name; NaN and infinities are written as the strings "NaN", "Infinity", "-Infinity". */
export type MetricRecord = Readonly<Record<string, number>>;

export interface HeadRecord {
  readonly type: string;
  readonly target: readonly string[];
  /** In the spec's order; the first is the head's yardstick. `name` as in `validation/<head>/<name>`. */
  readonly metrics: readonly {
    readonly name: string;
    readonly direction: 'minimize' | 'maximize';
  }[];
}

/** One call of `run-experiment SPEC`. */
export interface ExecutionRecord {
  readonly type: 'execution';
  readonly time: string;
  readonly format: 1;
  readonly execution: number;
  readonly experiment: string;
  /** The spec's opening comment, its first line: the question that it asks. */
  readonly question: string | null;
  readonly objective: readonly {
    readonly metric: string;
    readonly direction: 'minimize' | 'maximize';
  }[];
  readonly heads: Readonly<Record<string, HeadRecord>>;
  /** The numbers of this execution's trials, in order, done already or not. */
  readonly trials: readonly number[];
  readonly engine: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The spec's file, without its folder. Journals before 0.3 have none. */
  readonly file?: string;
  /** The spec's `tracking.mlflow`: values from the environment as their reference, no credentials. */
  readonly tracking?: TrackingRecord;
}
export interface TrackingRecord {
  readonly uri?: string;
  readonly experiment?: string;
  readonly registeredModel?: string;
}

/** Data as they were prepared for some trials. Written once for each key in a run. */
export interface DataRecord {
  readonly type: 'data';
  readonly time: string;
  /** Of the prepared splits, which depend on the seed and on the features as well. */
  readonly key: string;
  /** Of the source's content, and of how it is read. */
  readonly fingerprint: string;
  /** As the spec names it. */
  readonly source: readonly string[];
  readonly rows: { readonly train: number; readonly validation: number; readonly test: number };
  /** The columns that features are made of. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** A trial got its number. Written once for each identity in a run. */
export interface TrialRecord {
  readonly type: 'trial';
  readonly time: string;
  readonly number: number;
  /** The identity: a hash of all that its numbers depend on. */
  readonly id: string;
  /** The same for all replicates of a choice, and for one control's replicates. */
  readonly choice: string;
  readonly tasks: readonly string[];
  readonly control: 'singleTask' | null;
  /** The swept values, by path (for a control: those that matter to it). */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly replicate: number;
  readonly seed: number;
  /** The key of its data's record. Journals before 0.3 have none. */
  readonly data?: string;
}
/** A sampler that looks at what came of earlier choices has made this one: it is kept on resuming. */
export interface ChoiceRecord {
  readonly type: 'choice';
  readonly time: string;
  /** The sweep that it belongs to: a hash of its space, method and seed, and of the spec around it. */
  readonly sweep: string;
  /** From 0, in the order in which they were made. */
  readonly index: number;
  /** Its coordinates in the search space. */
  readonly point: Readonly<Record<string, number>>;
  /** Numbers of its trials and controls. */
  readonly trials: readonly number[];
}
export interface StartRecord {
  readonly type: 'start';
  readonly time: string;
  readonly number: number;
  /** The epoch whose checkpoint it goes on from; 0 for the beginning. */
  readonly fromEpoch: number;
}
export interface EpochRecord {
  readonly type: 'epoch';
  readonly time: string;
  readonly number: number;
  /** From 1. */
  readonly epoch: number;
  /** `train/<head>/loss`, `validation/<head>/loss`, `validation/<head>/<metric>`, `validation/loss`, `learningRate`, `weight/<head>`. */
  readonly metrics: MetricRecord;
  readonly seconds: number;
}
export interface CheckpointRecord {
  readonly type: 'checkpoint';
  readonly time: string;
  readonly number: number;
  readonly epoch: number;
}
export interface FinishRecord {
  readonly type: 'finish';
  readonly time: string;
  readonly number: number;
  readonly epochs: number;
  readonly bestEpoch: number;
  readonly seconds: number;
  /** At the best epoch: `validation/<head>/<metric>`, `test/<head>/<metric>`, `…/<head>/loss`. */
  readonly metrics: MetricRecord;
  /** Number of learned weights. */
  readonly weights: number;
  /** The program that trained it. Journals of 0.1 have none: they trained eagerly. */
  readonly program?: ProgramRecord;
}
export interface ProgramRecord {
  readonly engine: 'xla' | 'graph' | 'eager';
  /** Of its graph; null for eager. */
  readonly fingerprint: string | null;
  /** Why it is not XLA, where somebody might expect it. */
  readonly reason: string | null;
  /** What making it cost; of a program that is reused, when it was made. */
  readonly compileSeconds: number;
  /** Another trial of the same worker made it. */
  readonly isReused: boolean;
}
export interface FailRecord {
  readonly type: 'fail';
  readonly time: string;
  readonly number: number;
  readonly reason: string;
  /** From 1, in this execution; journals before 0.4 have none. */
  readonly attempt?: number;
  /** Whether it is tried again at once. */
  readonly isRetried?: boolean;
}
/** A pruner has decided that a trial is not worth going on with: it is kept on resuming. */
export interface PruneRecord {
  readonly type: 'prune';
  readonly time: string;
  readonly number: number;
  /** The last whole epoch; 0 where it never began. */
  readonly epoch: number;
  readonly reason: string;
  /** A hash of the pruners that decided: others may see it in another way. */
  readonly by: string;
}
export interface InterruptRecord {
  readonly type: 'interrupt';
  readonly time: string;
  readonly number: number;
  readonly epoch: number;
}
/** What the machine did while a trial ran, since the record of this trial before. */
export interface SystemRecord {
  readonly type: 'system';
  readonly time: string;
  readonly number: number;
  /** By MLflow's names: `cpu_utilization_percentage`, `system_memory_usage_megabytes`, … */
  readonly metrics: MetricRecord;
}
/** An execution came to its end (an execution without one was killed). */
export interface EndRecord {
  readonly type: 'end';
  readonly time: string;
  readonly execution: number;
  readonly status: 'finished' | 'failed' | 'interrupted';
  /** What the budgets left out, if they did; journals before 0.4 do not tell. */
  readonly leftOut?: readonly LeftOutRecord[];
}
/** What a budget kept from being trained: that was not wanted, and is no interruption. */
export interface LeftOutRecord {
  /** To the end of a sentence: `the budget of 20 epochs is spent: 24 were trained`. */
  readonly reason: string;
  /** Numbers of trials; those that an earlier execution began keep what they have. */
  readonly trials?: readonly number[];
  /** How many choices of a grid never became trials. */
  readonly choices?: number;
}
/** Something the user was told once: an engine that fell back, a choice that was left out. */
export interface NoteRecord {
  readonly type: 'note';
  readonly time: string;
  readonly text: string;
}

/** A record before it has its time. */
export type NewRecord = Untimed<JournalRecord>;
type Untimed<Union> = Union extends unknown ? Omit<Union, 'time'> : never;

export type JournalRecord =
  | ExecutionRecord
  | DataRecord
  | TrialRecord
  | StartRecord
  | EpochRecord
  | CheckpointRecord
  | FinishRecord
  | FailRecord
  | InterruptRecord
  | ChoiceRecord
  | PruneRecord
  | SystemRecord
  | EndRecord
  | NoteRecord;
