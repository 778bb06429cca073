/** @file What is given, checked and spelled as MLflow reads it: it swallows what it cannot read. */
import { characterCount, firstCharacters, isLonger, keyProblem, textLimits } from './limits.ts';
import { invalid } from './mlflow-error.ts';
import type { DatasetInput, GivenMetric, GivenTexts } from './types.ts';
import { wireInteger, wireNumber, wireText, wireTime } from './values.ts';

export interface WireText {
  readonly key: string;
  readonly value: string;
}
export interface WireMetric extends Readonly<Record<string, unknown>> {
  readonly key: string;
}

/** Where a text is cut, the caller is told. */
export type Warn = (line: string) => void;

/** How texts of one kind are checked. */
export interface TextKind {
  /** For messages: `param`, `tag`. */
  readonly name: string;
  /** Characters. */
  readonly limit?: number;
  /** Whether MLflow cuts what is longer, or refuses it. Default: refuses. */
  readonly isCut?: boolean;
  /** Whether MLflow takes any key. */
  readonly hasAnyKey?: boolean;
  /** Whether the last of two values of one key counts, or both are refused. Default: refused. */
  readonly isLastKept?: boolean;
}

export const textKinds = {
  param: { name: 'param', limit: textLimits.param, isCut: true },
  tag: { name: 'tag', limit: textLimits.tag, isCut: true, isLastKept: true },
  experimentTag: { name: 'tag', limit: textLimits.experimentTag, isLastKept: true },
  inputTag: { name: 'tag', limit: textLimits.inputTag, hasAnyKey: true, isLastKept: true },
  modelParam: { name: 'param', hasAnyKey: true },
  modelTag: { name: 'tag', hasAnyKey: true, isLastKept: true },
  registryTag: { name: 'tag', limit: textLimits.registryTag, isLastKept: true },
} as const satisfies Readonly<Record<string, TextKind>>;

export function checkKey(key: unknown, what: string, request: string): void {
  const problem = typeof key === 'string' ? keyProblem(key) : 'it is no text';
  if (problem)
    throw invalid(
      request,
      `the ${what} "${key}" has no valid key: ${problem}`,
      'sanitizeKey gives the nearest valid one',
    );
}

/** Each key once. */
export function wireTexts(
  texts: GivenTexts,
  kind: TextKind,
  request: string,
  warn: Warn,
): readonly WireText[] {
  const byKey = new Map<string, string>();
  for (const { key, value: given } of pairsOf(texts)) {
    const value = wireKeyed(key, given, kind, request, warn);
    const before = byKey.get(key);
    if (before !== undefined && before !== value && !kind.isLastKept)
      throw invalid(
        request,
        `the ${kind.name} "${key}" has two values: "${before}" and "${value}"`,
      );
    byKey.set(key, value);
  }
  return [...byKey].map(([key, value]) => ({ key, value }));
}

const isList = (texts: GivenTexts): texts is Extract<GivenTexts, readonly unknown[]> =>
  Array.isArray(texts);

export const pairsOf = (texts: GivenTexts) =>
  isList(texts) ? texts : Object.entries(texts).map(([key, value]) => ({ key, value }));

function wireKeyed(
  key: string,
  given: unknown,
  { name, limit, isCut, hasAnyKey }: TextKind,
  request: string,
  warn: Warn,
): string {
  if (!hasAnyKey) checkKey(key, name, request);
  else if (typeof key !== 'string' || key === '')
    throw invalid(request, `a ${name} has no key: "${key}"`);
  const what = `the ${name} "${key}"`;
  const value = wireText(given, what, request);
  if (limit === undefined) return value;
  return isCut ? cutText(value, limit, what, warn) : shortText(value, limit, what, request);
}

/** The same for every server: some cut a longer text, some refuse it, and it takes others with it. */
export function cutText(text: string, limit: number, what: string, warn: Warn): string {
  if (!isLonger(text, limit)) return text;
  warn(`MLflow keeps ${limit} of the ${characterCount(text)} characters of ${what}`);
  return firstCharacters(text, limit);
}

/** What MLflow refuses, told with its name. */
export function shortText(text: string, limit: number, what: string, request: string): string {
  if (!isLonger(text, limit)) return text;
  const count = characterCount(text);
  throw invalid(request, `${what} has ${count} characters, ${limit} are allowed`);
}

export function wireMetric(metric: GivenMetric, now: number, request: string): WireMetric {
  const { key, value, timestamp = now, step = 0, modelId, datasetName, datasetDigest } = metric;
  checkKey(key, 'metric', request);
  if (typeof value !== 'number')
    throw invalid(request, `the metric "${key}" must be a number, got ${value}`);
  return {
    key,
    value: wireNumber(value),
    timestamp: wireTime(timestamp, `the timestamp of "${key}"`, request),
    step: wireInteger(step, `the step of "${key}"`, request),
    ...(modelId ? { model_id: String(modelId) } : {}),
    ...(datasetName ? { dataset_name: String(datasetName) } : {}),
    ...(datasetDigest ? { dataset_digest: String(datasetDigest) } : {}),
  };
}

const datasetFields = {
  name: ['name', textLimits.datasetName],
  digest: ['digest', textLimits.datasetDigest],
  sourceType: ['source_type', textLimits.datasetName],
  source: ['source', textLimits.datasetSource],
  schema: ['schema', textLimits.datasetSchema],
  profile: ['profile', textLimits.datasetProfile],
} as const;

export function wireDataset(input: DatasetInput, request: string, warn: Warn) {
  const { tags = {} } = input;
  const dataset: Record<string, string> = {};
  for (const [field, [name, limit]] of Object.entries(datasetFields)) {
    const given = input[field as keyof typeof datasetFields];
    const isOptional = field === 'schema' || field === 'profile';
    if (given === undefined && isOptional) continue;
    const what = `the data set's ${field}`;
    dataset[name] = shortText(wireText(given, what, request), limit, what, request);
  }
  return { dataset, tags: wireTexts(tags, textKinds.inputTag, request, warn) };
}
