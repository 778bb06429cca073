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

/** One item a step: which rows, and which of them only fill the last batch up. */
export function batchItems(order: Int32Array, batches: number, batchSize: number): Tensors {
  const rows = new Int32Array(batches * batchSize);
  rows.set(order);
  const mask = new Float32Array(rows.length).fill(1, 0, order.length);
  return {
    rows: tf.tensor2d(rows, [batches, batchSize], 'int32'),
    mask: tf.tensor2d(mask, [batches, batchSize]),
  };
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

/** The batch of some rows, within a step: gathered where `rows` are given, else all of them. */
export function batchOf(
  data: Tensors,
  tasks: readonly string[],
  mask: tf.Tensor,
  rows: tf.Tensor | null,
): StepBatch {
  const flat = mask.as1D();
  const pick = (name: string): tf.Tensor => {
    const tensor = data[name];
    if (!tensor) throw new Error(`internal: rows without ${name}`);
    return rows ? tf.gather(tensor, rows.as1D().toInt()) : tensor;
  };
  const matrix = (name: string) => {
    const tensor = pick(name);
    return tensor.as2D(flat.size, tensor.size / flat.size);
  };
  const counted = (name: string) => (data[name] ? tf.mul(pick(name), flat).as1D() : flat);
  const inputs = Object.keys(data).flatMap((name) =>
    name.startsWith('input/') ? [[name.slice('input/'.length), matrix(name)]] : [],
  );
  return {
    inputs: Object.fromEntries(inputs),
    labels: Object.fromEntries(tasks.map((task) => [task, matrix(`label/${task}`)])),
    present: Object.fromEntries(tasks.map((task) => [task, counted(`present/${task}`)])),
    weights: counted('weights'),
    mask: flat,
  };
}
