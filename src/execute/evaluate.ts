/** @file Measures one split: losses, and each head's metrics in the target's own unit. */
import * as tf from '@tensorflow/tfjs';
import type { PreparedData, Split } from '../data/signature.ts';
import { chosen, findKind } from '../spec/kind.ts';
import type { HeadSpec } from '../spec/schema/experiment.ts';
import type { MetricInput, State } from '../step/index.ts';
import { metrics as metricKinds } from '../step/metrics/index.ts';
import type { MeasuredSplit } from './held-data.ts';
import type { Training } from './prepare-training.ts';
import { measureFixed } from './programs.ts';
import { toTargetUnit } from './target-unit.ts';

/** Predictions of a model over a whole split: head → [row, column]. */
export type Outputs = Readonly<Record<string, Float32Array>>;

/** The mean losses, by head, and the predictions of a split, for the trial's own tasks. */
export async function evaluateSplit(
  { step, tasks, hyper, programs }: Pick<Training, 'step' | 'tasks' | 'hyper' | 'programs'>,
  state: State,
  { split, batches }: Pick<MeasuredSplit, 'split' | 'batches'>,
): Promise<{ losses: Record<string, number>; outputs: Outputs }> {
  const columns = (task: string) => split.labels[task]?.columns ?? 1;
  const outputs = Object.fromEntries(
    tasks.map((task) => [task, new Float32Array(split.rows * columns(task))]),
  );
  const sums = new Map(tasks.map((task) => [task, { loss: 0, weight: 0 }]));
  const fixed = measureFixed(state, hyper);
  let from = 0;
  for await (const { items, rows } of batches()) {
    const { out } = programs.measure.run({ carry: {}, items, fixed, begin: 0, end: 1 });
    const [lossSums = [], labelWeights = []] = await Promise.all([
      out.lossSums?.data(),
      out.labelWeights?.data(),
    ]);
    for (const [task, sum] of sums) {
      const predicted = (await out[`predictions/${task}`]?.data()) ?? new Float32Array();
      outputs[task]?.set(predicted.subarray(0, rows * columns(task)), from * columns(task));
      const index = step.tasks.indexOf(task);
      sum.loss += lossSums[index] ?? 0;
      sum.weight += labelWeights[index] ?? 0;
    }
    tf.dispose(out as tf.NamedTensorMap);
    from += rows;
  }
  const losses = [...sums].map(([task, { loss, weight }]) => [
    task,
    weight === 0 ? Number.NaN : loss / weight,
  ]);
  return { losses: Object.fromEntries(losses), outputs };
}

/** `<split>/<head>/<metric>` and `<split>/<head>/loss`, and `<split>/loss`, the unweighted sum. */
export function splitMetrics(
  name: string,
  heads: Readonly<Record<string, HeadSpec>>,
  data: Pick<PreparedData, 'signature'>,
  split: Split,
  { losses, outputs }: Awaited<ReturnType<typeof evaluateSplit>>,
): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const [head, spec] of Object.entries(heads)) {
    metrics[`${name}/${head}/loss`] = losses[head] ?? Number.NaN;
    const input = metricInput(head, spec.type, data, split, outputs);
    for (const choice of spec.metrics) {
      const { name: metric, options } = chosen(choice);
      metrics[`${name}/${head}/${metric}`] =
        input.rows === 0 ? Number.NaN : findKind(metricKinds, metric).compute(input, options);
    }
  }
  metrics[`${name}/loss`] = Object.values(losses).reduce((sum, loss) => sum + loss, 0);
  return metrics;
}

/** The labelled rows of one head, in the unit of its target. */
function metricInput(
  head: string,
  type: string,
  { signature }: Pick<PreparedData, 'signature'>,
  split: Split,
  outputs: Outputs,
): MetricInput {
  const labels = split.labels[head];
  const output = outputs[head];
  const target = signature.targets[head];
  if (!labels || !output || !target) throw new Error(`internal: no labels or outputs of "${head}"`);
  const { columns, present } = labels;
  const rows = labelledAt(present);
  const pick = (source: Float32Array) => {
    const picked = new Float64Array(rows.length * columns);
    let to = 0;
    for (const row of rows) {
      for (let column = 0; column < columns; column++) {
        const value = source[row * columns + column] ?? Number.NaN;
        picked[to++] = toTargetUnit(value, target.transform);
      }
    }
    return picked;
  };
  const { weights } = split;
  return {
    head: type,
    rows: rows.length,
    columns,
    predictions: pick(output),
    labels: pick(labels.values),
    weights: weights && Float64Array.from(rows, (row) => weights[row] ?? 0),
  };
}

/** In a plain loop: iterators and callbacks took 0.1 s for a million rows, each epoch and head. */
function labelledAt(present: Uint8Array): Int32Array {
  const rows = new Int32Array(present.length);
  let count = 0;
  for (let row = 0; row < present.length; row++) {
    if (present[row] === 1) rows[count++] = row;
  }
  return rows.subarray(0, count);
}
