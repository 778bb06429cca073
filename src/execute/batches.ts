/** @file Rows to batches: as tensors, and as the items of a program. */
import * as tf from '@tensorflow/tfjs';
import type { Tensors } from '../compile/index.ts';
import type { SplitRows, StoredSplit } from '../data/index.ts';
import type { StepBatch } from '../step/index.ts';

/**
 * One item a step: its rows, gathered for the whole epoch at once, and `mask`. TensorFlow's own
 * gather copies whole rows; XLA's, inside the loop, goes element by element, which was a sixth of a
 * step (`test/bench/cases/steps.ts`). The last batch is filled up with row 0.
 */
export function batchItems(
  data: Tensors,
  order: Int32Array,
  batches: number,
  batchSize: number,
): Tensors {
  return tf.tidy(() => {
    const filled = new Int32Array(batches * batchSize);
    filled.set(order);
    const rows = tf.tensor1d(filled, 'int32');
    const items = Object.entries(data).map(([name, tensor]) => [
      name,
      tf.gather(tensor, rows).reshape([batches, batchSize, ...tensor.shape.slice(1)]),
    ]);
    return { ...Object.fromEntries(items), mask: maskItems(order.length, batches, batchSize) };
  });
}

/** [batch, row]: 1 for so many rows, 0 for what fills the last batch up. */
export function maskItems(rows: number, batches: number, batchSize: number): tf.Tensor2D {
  const mask = new Float32Array(batches * batchSize).fill(1, 0, rows);
  return tf.tensor2d(mask, [batches, batchSize]);
}

/** What a split's tensors hold: not its numbers, but whether they are needed. */
export interface SplitFacts {
  /** Tasks that some row has no label of. */
  readonly sparse: readonly string[];
  readonly isWeighted: boolean;
}

/** One program measures all splits, so that what one of them needs all of them have. */
export function factsOf(splits: readonly StoredSplit[]): SplitFacts {
  const sparse = splits.flatMap((split) =>
    Object.entries(split.loadPresence()).flatMap(([task, present]) =>
      present.includes(0) ? [task] : [],
    ),
  );
  return { sparse: [...new Set(sparse)], isWeighted: splits.some(({ isWeighted }) => isWeighted) };
}

/**
 * Rows as tensors: `input/<name>`, `label/<task>` [row, column], and where `facts` ask for them
 * `present/<task>` and `weights` [row]. From `from` to before `to`, filled up with zeros to `size`.
 */
export function rowTensors(
  split: SplitRows,
  { sparse, isWeighted }: SplitFacts,
  [from, to, size]: readonly [number, number, number] = [0, split.rows, split.rows],
): Tensors {
  const cut = (values: Float32Array | Int32Array | Uint8Array, columns: number) => {
    const part = values.subarray(from * columns, to * columns);
    if (!(part instanceof Uint8Array) && part.length === size * columns) return part;
    const filled =
      values instanceof Int32Array
        ? new Int32Array(size * columns)
        : new Float32Array(size * columns);
    filled.set(part);
    return filled;
  };
  const matrix = (values: Float32Array | Int32Array, columns: number) =>
    tf.tensor2d(
      cut(values, columns),
      [size, columns],
      values instanceof Int32Array ? 'int32' : 'float32',
    );
  const tensors: Record<string, tf.Tensor> = {};
  for (const [name, { values, columns }] of Object.entries(split.inputs)) {
    tensors[`input/${name}`] = matrix(values, columns);
  }
  for (const [task, { values, columns, present }] of Object.entries(split.labels)) {
    tensors[`label/${task}`] = matrix(values, columns);
    if (sparse.includes(task)) tensors[`present/${task}`] = tf.tensor1d(cut(present, 1));
  }
  if (isWeighted && split.weights) tensors.weights = tf.tensor1d(cut(split.weights, 1));
  return tensors;
}

/** An item, as a step wants it. */
export function batchOf(item: Tensors, tasks: readonly string[]): StepBatch {
  const known = (name: string): tf.Tensor => {
    const tensor = item[name];
    if (!tensor) throw new Error(`internal: rows without ${name}`);
    return tensor;
  };
  const mask = known('mask').as1D();
  const matrix = (name: string) => {
    const tensor = known(name);
    return tensor.as2D(mask.size, tensor.size / mask.size);
  };
  const counted = (name: string) => (item[name] ? tf.mul(known(name), mask).as1D() : mask);
  const inputs = Object.keys(item).flatMap((name) =>
    name.startsWith('input/') ? [[name.slice('input/'.length), matrix(name)]] : [],
  );
  return {
    inputs: Object.fromEntries(inputs),
    labels: Object.fromEntries(tasks.map((task) => [task, matrix(`label/${task}`)])),
    present: Object.fromEntries(tasks.map((task) => [task, counted(`present/${task}`)])),
    weights: counted('weights'),
    mask,
  };
}
