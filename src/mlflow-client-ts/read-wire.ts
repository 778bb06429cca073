/** @file MLflow's JSON as this client's values. Absent means empty; 64-bit numbers may be texts. */
import { unreadable } from './failures.ts';
import type {
  Artifact,
  Dataset,
  Experiment,
  LifecycleStage,
  LoggedModel,
  Metric,
  ModelVersion,
  RegisteredModel,
  Run,
  RunMetric,
  RunStatus,
  Texts,
} from './types.ts';
import { runStatuses } from './types.ts';
import { readNumber } from './values.ts';

export type Json = { readonly [key: string]: unknown };

export const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? (value as Json) : {};
export const listOf = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.map(objectOf) : [];
export const textOf = (value: unknown): string =>
  value === undefined || value === null ? '' : String(value);
const integerOf = (value: unknown): number => Number(value ?? 0);

/** What a good answer has; without it, it is the answer of something else. */
export function needed(answer: Json, field: string, request: string): unknown {
  const value = answer[field];
  if (value !== undefined && value !== null && value !== '') return value;
  throw unreadable(request, JSON.stringify(answer));
}

export const textsOf = (list: unknown): Texts =>
  Object.fromEntries(listOf(list).map(({ key, value }) => [textOf(key), textOf(value)]));

const stageOf = (value: unknown): LifecycleStage => (value === 'deleted' ? 'deleted' : 'active');

export function experimentOf(value: unknown): Experiment {
  const wire = objectOf(value);
  return {
    experimentId: textOf(wire.experiment_id),
    name: textOf(wire.name),
    artifactLocation: textOf(wire.artifact_location),
    lifecycleStage: stageOf(wire.lifecycle_stage),
    creationTime: integerOf(wire.creation_time),
    lastUpdateTime: integerOf(wire.last_update_time),
    tags: textsOf(wire.tags),
  };
}

export function metricOf(wire: Json): Metric {
  return {
    key: textOf(wire.key),
    value: readNumber(wire.value),
    timestamp: integerOf(wire.timestamp),
    step: integerOf(wire.step),
    ...(wire.model_id ? { modelId: textOf(wire.model_id) } : {}),
    ...(wire.dataset_name ? { datasetName: textOf(wire.dataset_name) } : {}),
    ...(wire.dataset_digest ? { datasetDigest: textOf(wire.dataset_digest) } : {}),
  };
}

export const runMetricOf = (wire: Json): RunMetric => ({
  ...metricOf(wire),
  runId: textOf(wire.run_id),
});

export function runOf(value: unknown): Run {
  const wire = objectOf(value);
  const [info, data] = [objectOf(wire.info), objectOf(wire.data)];
  const metrics = listOf(data.metrics).map(metricOf);
  return {
    info: {
      runId: textOf(info.run_id ?? info.run_uuid),
      runName: textOf(info.run_name),
      experimentId: textOf(info.experiment_id),
      status: statusOf(info.status),
      startTime: integerOf(info.start_time),
      endTime: info.end_time === undefined ? null : integerOf(info.end_time),
      artifactUri: textOf(info.artifact_uri),
      lifecycleStage: stageOf(info.lifecycle_stage),
      userId: textOf(info.user_id),
    },
    data: {
      metrics: Object.fromEntries(metrics.map((metric) => [metric.key, metric])),
      params: textsOf(data.params),
      tags: textsOf(data.tags),
    },
    inputs: listOf(objectOf(wire.inputs).dataset_inputs).map(({ dataset, tags }) => ({
      dataset: datasetOf(objectOf(dataset)),
      tags: textsOf(tags),
    })),
    outputs: listOf(objectOf(wire.outputs).model_outputs).map(({ model_id, step }) => ({
      modelId: textOf(model_id),
      step: integerOf(step),
    })),
  };
}

const statusOf = (value: unknown): RunStatus =>
  runStatuses.find((status) => status === value) ?? 'RUNNING';

const datasetOf = (wire: Json): Dataset => ({
  name: textOf(wire.name),
  digest: textOf(wire.digest),
  sourceType: textOf(wire.source_type),
  source: textOf(wire.source),
  ...(wire.schema ? { schema: textOf(wire.schema) } : {}),
  ...(wire.profile ? { profile: textOf(wire.profile) } : {}),
});

export const artifactOf = (wire: Json): Artifact => ({
  path: textOf(wire.path),
  isDirectory: wire.is_dir === true,
  size: integerOf(wire.file_size),
});

export function modelOf(value: unknown): LoggedModel {
  const wire = objectOf(value);
  const [info, data] = [objectOf(wire.info), objectOf(wire.data)];
  return {
    info: {
      modelId: textOf(info.model_id),
      experimentId: textOf(info.experiment_id),
      name: textOf(info.name),
      artifactUri: textOf(info.artifact_uri),
      status: textOf(info.status),
      modelType: textOf(info.model_type),
      sourceRunId: textOf(info.source_run_id),
      creationTime: integerOf(info.creation_timestamp_ms),
      tags: textsOf(info.tags),
    },
    params: textsOf(data.params),
    metrics: listOf(data.metrics).map(metricOf),
  };
}

export function registeredModelOf(value: unknown): RegisteredModel {
  const wire = objectOf(value);
  const aliases = listOf(wire.aliases).map(({ alias, version }) => [
    textOf(alias),
    textOf(version),
  ]);
  return {
    name: textOf(wire.name),
    description: textOf(wire.description),
    creationTime: integerOf(wire.creation_timestamp),
    lastUpdateTime: integerOf(wire.last_updated_timestamp),
    tags: textsOf(wire.tags),
    aliases: Object.fromEntries(aliases),
  };
}

export function versionOf(value: unknown): ModelVersion {
  const wire = objectOf(value);
  return {
    name: textOf(wire.name),
    version: textOf(wire.version),
    source: textOf(wire.source),
    runId: textOf(wire.run_id),
    modelId: textOf(wire.model_id),
    status: textOf(wire.status),
    description: textOf(wire.description),
    creationTime: integerOf(wire.creation_timestamp),
    tags: textsOf(wire.tags),
    aliases: Array.isArray(wire.aliases) ? wire.aliases.map(textOf) : [],
  };
}
