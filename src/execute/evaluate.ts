/** @file Measures one split: losses, and each head's metrics in the target's own unit. */
import * as tf from '@tensorflow/tfjs';
import type { PreparedData, Split } from '../data/signature.ts';
import { chosen, findKind } from '../spec/kind.ts';
import type { HeadSpec } from '../spec/schema/experiment.ts';
import type { Hyperparameters, MetricInput, State, Step } from '../step/index.ts';
import { metrics as metricKinds } from '../step/metrics/index.ts';
import { gatherBatch } from './batches.ts';
import { toTargetUnit } from './target-unit.ts';

/** Predictions of a model over a whole split: head → [row, column]. */
export type Outputs = Readonly<Record<string, Float32Array>>;

/** Rows at a time; does not change any number but the last bits of a loss. */
const evaluationBatch = 4096;

/** The mean losses, by head, and the predictions of a split. */
export async function evaluateSplit(
  step: Step,
  state: State,
  hyper: Hyperparameters,
  split: Split,
): Promise<{ losses: Record<string, number>; outputs: Outputs }> {
  const { tasks } = step;
  const columns = (task: string) => split.labels[task]?.columns ?? 1;
  const outputs = Object.fromEntries(
    tasks.map((task) => [task, new Float32Array(split.rows * columns(task))]),
  );
  const sums = tasks.map(() => ({ loss: 0, weight: 0 }));
  for (let from = 0; from < split.rows; from += evaluationBatch) {
    const rows = Int32Array.from(
      { length: Math.min(evaluationBatch, split.rows - from) },
      (_, index) => from + index,
    );
    const batch = gatherBatch(split, tasks, rows);
    const { predictions, lossSums, labelWeights } = step.evaluate(state, batch, hyper);
    const [lossValues, weightValues] = [await lossSums.data(), await labelWeights.data()];
    for (const [index, task] of tasks.entries()) {
      outputs[task]?.set((await predictions[task]?.data()) ?? [], from * columns(task));
      const sum = sums[index];
      if (!sum) continue;
      sum.loss += lossValues[index] ?? 0;
      sum.weight += weightValues[index] ?? 0;
    }
    tf.dispose([batch, predictions, lossSums, labelWeights]);
  }
  const losses = tasks.map((task, index) => {
    const { loss, weight } = sums[index] ?? { loss: 0, weight: 0 };
    return [task, weight === 0 ? Number.NaN : loss / weight];
  });
  return { losses: Object.fromEntries(losses), outputs };
}

/** `<split>/<head>/<metric>` and `<split>/<head>/loss`, and `<split>/loss`, the unweighted sum. */
export function splitMetrics(
  name: string,
  heads: Readonly<Record<string, HeadSpec>>,
  data: PreparedData,
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
  { signature }: PreparedData,
  split: Split,
  outputs: Outputs,
): MetricInput {
  const labels = split.labels[head];
  const output = outputs[head];
  const target = signature.targets[head];
  if (!labels || !output || !target) throw new Error(`internal: no labels or outputs of "${head}"`);
  const { columns, present } = labels;
  const rows = Int32Array.from(present.keys()).filter((row) => present[row] === 1);
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
