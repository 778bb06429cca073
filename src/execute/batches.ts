/** @file Rows to batches: the order of an epoch, and how a step gathers its rows. */
import * as tf from '@tensorflow/tfjs';
import type { Tensors } from '../compile/index.ts';
import type { Split } from '../data/signature.ts';
import { type RandomStream, rng } from '../plan/random.ts';
import type { StepBatch } from '../step/index.ts';

/** The rows that train these tasks: those with a label of at least one of them. */
export function labelledRows(split: Split, tasks: readonly string[]): Int32Array {
  const present = tasks.map((task) => split.labels[task]?.present);
  const rows = new Int32Array(split.rows);
  let count = 0;
  for (let row = 0; row < split.rows; row++) {
    if (present.some((labels) => labels?.[row] === 1)) rows[count++] = row;
  }
  return rows.slice(0, count);
}

/** How far rows are shuffled: within `reach` rows, made of blocks that are shuffled first. */
export interface ShuffleReach {
  readonly blockRows: number;
  readonly reach: number;
}

/**
 * The order of an epoch. All rows of the split are shuffled and then filtered, so that a control
 * sees its rows in the order in which the joint model sees them.
 */
export function epochOrder(
  rows: Int32Array,
  split: Pick<Split, 'rows'>,
  shuffle: { seed: number; replicate: number; epoch: number } | null,
  reach: ShuffleReach = { blockRows: 1, reach: split.rows },
): Int32Array {
  if (!shuffle) return rows;
  const { seed, replicate, epoch } = shuffle;
  const random = rng(seed, replicate, 'shuffle', epoch);
  const order =
    reach.reach >= split.rows
      ? random.permutation(split.rows)
      : blockOrder(random, split.rows, reach);
  if (rows.length === split.rows) return order;
  const wanted = new Uint8Array(split.rows);
  for (const row of rows) wanted[row] = 1;
  return order.filter((row) => wanted[row] === 1);
}

/** Blocks of neighbours in a random order; then the rows of as many blocks as `reach` holds, mixed. */
function blockOrder(
  random: RandomStream,
  rows: number,
  { blockRows, reach }: ShuffleReach,
): Int32Array {
  const order = new Int32Array(rows);
  let filled = 0;
  for (const block of random.permutation(Math.ceil(rows / blockRows))) {
    const end = Math.min(rows, (block + 1) * blockRows);
    for (let row = block * blockRows; row < end; row++) order[filled++] = row;
  }
  for (let from = 0; from < rows; from += reach) {
    const part = order.slice(from, from + reach);
    const mixed = random.permutation(part.length);
    for (let index = 0; index < mixed.length; index++) {
      order[from + index] = part[mixed[index] as number] as number;
    }
  }
  return order;
}

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
    const mask = new Float32Array(filled.length).fill(1, 0, order.length);
    return { ...Object.fromEntries(items), mask: tf.tensor2d(mask, [batches, batchSize]) };
  });
}

/** What a split's tensors hold: not its numbers, but whether they are needed. */
export interface SplitFacts {
  /** Tasks that some row has no label of. */
  readonly sparse: readonly string[];
  readonly isWeighted: boolean;
}

export const factsOf = ({ labels, weights }: Split): SplitFacts => ({
  sparse: Object.entries(labels).flatMap(([task, { present }]) =>
    present.includes(0) ? [task] : [],
  ),
  isWeighted: weights !== null,
});

/**
 * Rows as tensors: `input/<name>`, `label/<task>` [row, column], and where `facts` ask for them
 * `present/<task>` and `weights` [row]. From `from` to before `to`, filled up with zeros to `size`.
 */
export function rowTensors(
  split: Split,
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
