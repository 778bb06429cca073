/** @file Measures one split: each head's metrics, in the target's own unit, over its labelled rows. */
import type { PreparedData, Split } from '../data/signature.ts';
import { chosen, findKind } from '../spec/kind.ts';
import type { HeadSpec } from '../spec/schema/experiment.ts';
import type { MetricInput } from '../step/define.ts';
import { metrics as metricKinds } from '../step/metrics/index.ts';
import { toTargetUnit } from './target-unit.ts';

/** Outputs of a model over a whole split: head → [row, column]. */
export type Outputs = Readonly<Record<string, Float32Array>>;

/** `<head>/<metric>` → value, for every head of the trial. */
export function measure(
  heads: Readonly<Record<string, HeadSpec>>,
  data: Pick<PreparedData, 'signature'>,
  split: Split,
  outputs: Outputs,
): Record<string, number> {
  const values: Record<string, number> = {};
  for (const [name, head] of Object.entries(heads)) {
    const input = metricInput(name, data, split, outputs);
    for (const metric of head.metrics) {
      const { name: metricName, options } = chosen(metric);
      values[`${name}/${metricName}`] =
        input.rows === 0 ? Number.NaN : findKind(metricKinds, metricName).compute(input, options);
    }
  }
  return values;
}

function metricInput(
  head: string,
  { signature }: Pick<PreparedData, 'signature'>,
  split: Split,
  outputs: Outputs,
): MetricInput {
  const labels = split.labels[head];
  const output = outputs[head];
  const target = signature.targets[head];
  if (!labels || !output || !target) throw new Error(`internal: no labels or outputs of "${head}"`);
  const { columns } = labels;
  const rows = indicesOf(labels.present);
  const pick = (source: Float32Array) => {
    const picked = new Float64Array(rows.length * columns);
    for (const [to, from] of rows.entries()) {
      for (let column = 0; column < columns; column++) {
        const value = source[from * columns + column] ?? Number.NaN;
        picked[to * columns + column] = toTargetUnit(value, target.transform);
      }
    }
    return picked;
  };
  const { weights } = split;
  return {
    rows: rows.length,
    columns,
    predictions: pick(output),
    labels: pick(labels.values),
    weights: weights && Float64Array.from(rows, (row) => weights[row] ?? 0),
  };
}

const indicesOf = (present: Uint8Array): readonly number[] =>
  Array.from(present.keys()).filter((row) => present[row] === 1);
