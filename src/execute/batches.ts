/** @file Rows to batches: the order of an epoch, and gathering rows into tensors. */
import * as tf from '@tensorflow/tfjs';
import type { InputArray, Split } from '../data/signature.ts';
import { rng } from '../plan/random.ts';

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

/**
 * The order of an epoch. All rows of the split are shuffled and then filtered, so that a control
 * sees its rows in the order in which the joint model sees them.
 */
export function epochOrder(
  rows: Int32Array,
  split: Pick<Split, 'rows'>,
  shuffle: { seed: number; replicate: number; epoch: number } | null,
): Int32Array {
  if (!shuffle) return rows;
  const { seed, replicate, epoch } = shuffle;
  const order = rng(seed, replicate, 'shuffle', epoch).permutation(split.rows);
  if (rows.length === split.rows) return order;
  const wanted = new Uint8Array(split.rows);
  for (const row of rows) wanted[row] = 1;
  return order.filter((row) => wanted[row] === 1);
}

/** What a step is fed with; the caller disposes of it. */
export type Batch = {
  /** float32 or int32 [batch, column]. */
  readonly inputs: Readonly<Record<string, tf.Tensor2D>>;
  /** float32 [batch, column]. */
  readonly labels: Readonly<Record<string, tf.Tensor2D>>;
  /** float32 [batch]: 1 where the row has a label. */
  readonly present: Readonly<Record<string, tf.Tensor1D>>;
  /** float32 [batch]: sample weights. */
  readonly weights: tf.Tensor1D;
};

/** Gathers rows of a split for some tasks. */
export function gatherBatch(split: Split, tasks: readonly string[], rows: Int32Array): Batch {
  const inputs = mapValues(split.inputs, (input) => gather2d(input, rows));
  const labels: Record<string, tf.Tensor2D> = {};
  const present: Record<string, tf.Tensor1D> = {};
  for (const task of tasks) {
    const column = split.labels[task];
    if (!column) throw new Error(`internal: the split has no labels of "${task}"`);
    labels[task] = gather2d(column, rows);
    present[task] = tf.tensor1d(Float32Array.from(rows, (row) => column.present[row] ?? 0));
  }
  const { weights } = split;
  const rowWeights = weights
    ? tf.tensor1d(Float32Array.from(rows, (row) => weights[row] ?? 0))
    : tf.ones<tf.Rank.R1>([rows.length]);
  return { inputs, labels, present, weights: rowWeights };
}

function gather2d({ values, columns }: InputArray, rows: Int32Array): tf.Tensor2D {
  const isInteger = values instanceof Int32Array;
  const size = rows.length * columns;
  const gathered = isInteger ? new Int32Array(size) : new Float32Array(size);
  for (let to = 0; to < rows.length; to++) {
    const from = (rows[to] ?? 0) * columns;
    gathered.set(values.subarray(from, from + columns), to * columns);
  }
  return tf.tensor2d(gathered, [rows.length, columns], isInteger ? 'int32' : 'float32');
}

const mapValues = <From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
