/** @file What is kept of a trained trial: its spec, its model with the preprocessing, its predictions. */
import { stringify } from 'yaml';
import type { PreparedData, Split } from '../data/signature.ts';
import { type BuiltModel, modelFiles } from '../model/index.ts';
import type { HeadSpec } from '../spec/schema/experiment.ts';
import { withoutCredentials } from '../spec/with-values.ts';
import type { Outputs } from './evaluate.ts';
import { predictionColumns } from './predictions.ts';
import { toTargetUnit } from './target-unit.ts';
import type { Files, TrialJob } from './trial-event.ts';

/** Names inside a trial's folder. */
export const trialFiles = {
  model: 'model/model.json',
  weights: 'model/weights.bin',
  /** How new rows become inputs, and outputs become predictions. */
  preprocessing: 'model/preprocessing.json',
  predictions: 'predictions.csv',
  /** What it was trained from, with the values of its choice. */
  spec: 'resolved.yaml',
} as const;

/** The content of `preprocessing.json`. */
export interface SavedPreprocessing {
  readonly preprocessing: PreparedData['preprocessing'];
  readonly heads: Readonly<
    Record<
      string,
      { readonly type: string; readonly target: PreparedData['signature']['targets'][string] }
    >
  >;
}

export async function filesOf(
  { model }: BuiltModel,
  heads: Readonly<Record<string, HeadSpec>>,
  { signature, preprocessing }: Pick<PreparedData, 'signature' | 'preprocessing'>,
): Promise<Files> {
  const files = await modelFiles(model);
  const targets = Object.entries(heads).map(([name, { type }]) => [
    name,
    { type, target: signature.targets[name] },
  ]);
  const saved = { preprocessing, heads: Object.fromEntries(targets) };
  return {
    [trialFiles.model]: files['model.json'],
    [trialFiles.weights]: files['weights.bin'],
    [trialFiles.preprocessing]: Buffer.from(JSON.stringify(saved)),
  };
}

/** The parts of the spec that a trial's numbers come from: nothing of `tracking` or `execution`. */
export function trialSpecText({ trial }: Pick<TrialJob, 'trial'>): string {
  const { tasks, replicate, spec } = trial;
  const { seed, data, shared, heads, weighting, training } = spec;
  const about = `# ${tasks.join(', ')}; replicate ${replicate + 1}`;
  const text = stringify({ seed, data, shared, heads, weighting, training }, { lineWidth: 0 });
  return `${about}\n${withoutCredentials(text)}`;
}

/** One line a row: its number in the table, and for each head the label and the prediction. */
export function predictionsCsv(
  heads: Readonly<Record<string, HeadSpec>>,
  { signature }: Pick<PreparedData, 'signature'>,
  split: Split,
  outputs: Outputs,
): Uint8Array {
  const columns = Object.entries(heads).flatMap(([name, { type }]) => {
    const target = signature.targets[name];
    const labels = split.labels[name];
    const output = outputs[name];
    if (!target || !labels || !output) throw new Error(`internal: no outputs of "${name}"`);
    const label = Array.from({ length: split.rows }, (_, row) => {
      if (labels.present[row] !== 1) return '';
      const values = labels.values.subarray(row * labels.columns, (row + 1) * labels.columns);
      if (type === 'multiclass') return target.classes?.[values.indexOf(1)] ?? '';
      return [...values].map((value) => toTargetUnit(value, target.transform)).join(' ');
    });
    return [
      { name: `${name}_label`, values: label },
      ...predictionColumns(name, type, output, target),
    ];
  });
  const lines = Array.from(split.rowNumbers, (number, row) =>
    [number, ...columns.map(({ values }) => cell(values[row] ?? ''))].join(','),
  );
  return Buffer.from(
    `${[['row', ...columns.map(({ name }) => cell(name))].join(','), ...lines].join('\n')}\n`,
  );
}

/** Seven digits are all that a float32 holds. */
function cell(value: number | string): string {
  if (Number.isInteger(value) && Math.abs(Number(value)) < 1e7) return String(value);
  if (typeof value === 'number') return String(Number(value.toPrecision(7)));
  return /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
