/** @file What is given, checked and spelled as MLflow reads it: it swallows what it cannot read. */
import { keyProblem, textLimits } from './limits.ts';
import { invalid } from './mlflow-error.ts';
import type { DatasetInput, GivenTexts, Metric } from './types.ts';
import { wireInteger, wireNumber, wireText } from './values.ts';

export interface WireText {
  readonly key: string;
  readonly value: string;
}
export interface WireMetric extends Readonly<Record<string, unknown>> {
  readonly key: string;
}

/** Where a text is cut by the server, the caller is told. */
export type Warn = (line: string) => void;

export function checkKey(key: string, what: string, request: string): void {
  const problem = keyProblem(key);
  if (problem) throw invalid(request, `the ${what} "${key}" is no key: ${problem}`);
}

export function wireTexts(
  texts: GivenTexts,
  what: 'param' | 'tag' | 'experimentTag' | 'inputTag' | 'modelTag',
  request: string,
  warn: Warn,
): readonly WireText[] {
  return Object.entries(texts).map(([key, given]) => {
    checkKey(key, what, request);
    const value = wireText(given, `the ${what} "${key}"`, request);
    warnLength(value, textLimits[what], `the ${what} "${key}"`, warn);
    return { key, value };
  });
}

function warnLength(text: string, limit: number, what: string, warn: Warn): void {
  if (text.length > limit)
    warn(`MLflow keeps ${limit} of the ${text.length} characters of ${what}`);
}

export function wireMetric(metric: Metric, request: string): WireMetric {
  const { key, value, timestamp, step = 0, modelId, datasetName, datasetDigest } = metric;
  checkKey(key, 'metric', request);
  if (typeof value !== 'number')
    throw invalid(request, `the metric "${key}" must be a number, got ${value}`);
  const time = wireInteger(timestamp, `the timestamp of "${key}"`, request);
  if (time < 0) throw invalid(request, `the timestamp of "${key}" must not be negative: ${time}`);
  return {
    key,
    value: wireNumber(value),
    timestamp: time,
    step: wireInteger(step, `the step of "${key}"`, request),
    ...(modelId ? { model_id: modelId } : {}),
    ...(datasetName ? { dataset_name: datasetName } : {}),
    ...(datasetDigest ? { dataset_digest: datasetDigest } : {}),
  };
}

export function wireDataset(input: DatasetInput, request: string, warn: Warn) {
  const { name, digest, sourceType, source, schema, profile, tags = {} } = input;
  if (digest.length > textLimits.datasetDigest)
    throw invalid(request, `the digest "${digest}" has more than 36 characters`);
  warnLength(name, textLimits.datasetName, `the data set's name "${name.slice(0, 40)}…"`, warn);
  return {
    dataset: {
      name: name.slice(0, textLimits.datasetName),
      digest,
      source_type: sourceType,
      source,
      ...(schema === undefined ? {} : { schema }),
      ...(profile === undefined ? {} : { profile }),
    },
    tags: wireTexts(tags, 'inputTag', request, warn),
  };
}
