/** @file What MLflow holds, in this client's words: camelCase, texts by key, times in milliseconds. */

export type Texts = Readonly<Record<string, string>>;
/** What may be given for a text: numbers and booleans are spelled out. */
export type GivenText = string | number | boolean | bigint;
/** By key, or one after the other. */
export type GivenTexts =
  | Readonly<Record<string, GivenText>>
  | readonly { readonly key: string; readonly value: GivenText }[];

/** A tag that nothing else of its kind has. */
export interface UniqueTag {
  readonly key: string;
  readonly value: string;
}

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface CallOptions {
  /** Ends the call, also while it waits to be tried again. */
  readonly signal?: AbortSignal;
}

export type LifecycleStage = 'active' | 'deleted';
export const viewTypes = ['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL'] as const;
export type ViewType = (typeof viewTypes)[number];
export const runStatuses = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'] as const;
export type RunStatus = (typeof runStatuses)[number];

export interface Experiment {
  readonly experimentId: string;
  readonly name: string;
  readonly artifactLocation: string;
  readonly lifecycleStage: LifecycleStage;
  readonly creationTime: number;
  readonly lastUpdateTime: number;
  readonly tags: Texts;
}

export interface RunInfo {
  readonly runId: string;
  readonly runName: string;
  readonly experimentId: string;
  readonly status: RunStatus;
  readonly startTime: number;
  /** null while it runs. */
  readonly endTime: number | null;
  readonly artifactUri: string;
  readonly lifecycleStage: LifecycleStage;
  readonly userId: string;
}

export interface Metric {
  readonly key: string;
  /** NaN and infinities are kept. */
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly step: number;
  /** The logged model that it belongs to as well. */
  readonly modelId?: string;
  readonly datasetName?: string;
  readonly datasetDigest?: string;
}

/** As it is logged: of steps and times the fraction is cut off. */
export type GivenMetric = Omit<Metric, 'timestamp' | 'step'> & {
  /** Milliseconds since 1970. Default: now. */
  readonly timestamp?: number;
  /** Default: 0. */
  readonly step?: number;
};

/** A value among those of several runs. */
export interface RunMetric extends Metric {
  readonly runId: string;
}

export interface Dataset {
  readonly name: string;
  /** At most 36 characters; name and digest tell data sets apart. */
  readonly digest: string;
  readonly sourceType: string;
  /** JSON. */
  readonly source: string;
  /** JSON: `{"mlflow_colspec":[…]}` */
  readonly schema?: string;
  /** JSON. */
  readonly profile?: string;
}
export interface DatasetInput extends Dataset {
  /** `mlflow.data.context`: training, validation, test. */
  readonly tags?: GivenTexts;
}

export interface Run {
  readonly info: RunInfo;
  readonly data: {
    /** The last value of each. */
    readonly metrics: Readonly<Record<string, Metric>>;
    readonly params: Texts;
    readonly tags: Texts;
  };
  readonly inputs: readonly { readonly dataset: Dataset; readonly tags: Texts }[];
  readonly outputs: readonly { readonly modelId: string; readonly step: number }[];
}

export interface Artifact {
  readonly path: string;
  readonly isDirectory: boolean;
  /** Bytes; 0 for a folder. */
  readonly size: number;
}

export const modelStatuses = [
  'LOGGED_MODEL_PENDING',
  'LOGGED_MODEL_READY',
  'LOGGED_MODEL_UPLOAD_FAILED',
] as const;
export type ModelStatus = (typeof modelStatuses)[number];

export interface LoggedModel {
  readonly info: {
    readonly modelId: string;
    readonly experimentId: string;
    readonly name: string;
    readonly artifactUri: string;
    readonly status: string;
    readonly modelType: string;
    readonly sourceRunId: string;
    readonly creationTime: number;
    readonly tags: Texts;
  };
  readonly params: Texts;
  readonly metrics: readonly Metric[];
}

export interface RegisteredModel {
  readonly name: string;
  readonly description: string;
  readonly creationTime: number;
  readonly lastUpdateTime: number;
  readonly tags: Texts;
  /** Version by alias. */
  readonly aliases: Texts;
}

export interface ModelVersion {
  readonly name: string;
  readonly version: string;
  readonly source: string;
  readonly runId: string;
  readonly modelId: string;
  readonly status: string;
  readonly description: string;
  readonly creationTime: number;
  readonly tags: Texts;
  readonly aliases: readonly string[];
}
