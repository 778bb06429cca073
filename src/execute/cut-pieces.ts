/** @file Segments of an epoch, cut into pieces of so many batches: the items of a program. */
import * as tf from '@tensorflow/tfjs';
import type { Tensors } from '../compile/index.ts';
import { maskItems, rowTensors, type SplitFacts } from './batches.ts';
import type { Segment } from './epoch-order.ts';
import type { ReadRows } from './read-ahead.ts';

/** How many rows, and the tensors that they are in: [row, …]. */
interface Part {
  readonly rows: number;
  readonly tensors: Tensors;
}

/** Without the first `rows` rows. */
export function* segmentsAfter(
  segments: Iterable<Segment>,
  rows: number,
): Generator<Segment, undefined> {
  let skipped = 0;
  for (const { ranges, order } of segments) {
    const rest = order.subarray(Math.max(0, rows - skipped));
    skipped += order.length;
    if (rest.length > 0) yield { ranges, order: rest };
  }
}

/** A piece may have rows of several segments. Each is valid until the next one is asked for. */
export async function* cutPieces(
  segments: AsyncIterable<ReadRows<Segment>>,
  facts: SplitFacts,
  batches: number,
  batchSize: number,
): AsyncGenerator<Tensors> {
  const parts: Part[] = [];
  let missing = batches * batchSize;
  async function* whole() {
    const items = pieceItems(parts, batches, batchSize);
    disposeParts(parts);
    missing = batches * batchSize;
    try {
      yield items;
    } finally {
      tf.dispose(items as tf.NamedTensorMap);
    }
  }
  try {
    for await (const { wanted, rows } of segments) {
      const { order } = wanted;
      const tensors = rowTensors(rows, facts);
      try {
        for (let at = 0; at < order.length; ) {
          const part = gathered(tensors, order.subarray(at, at + missing));
          parts.push(part);
          at += part.rows;
          missing -= part.rows;
          if (missing === 0) yield* whole();
        }
      } finally {
        tf.dispose(tensors as tf.NamedTensorMap);
      }
    }
    if (parts.length > 0) yield* whole();
  } finally {
    disposeParts(parts);
  }
}

function gathered(tensors: Tensors, order: Int32Array): Part {
  const rows = tf.tensor1d(order, 'int32');
  const taken = Object.entries(tensors).map(([name, tensor]) => [name, tf.gather(tensor, rows)]);
  rows.dispose();
  return { rows: order.length, tensors: Object.fromEntries(taken) };
}

function disposeParts(parts: Part[]): void {
  for (const { tensors } of parts.splice(0)) tf.dispose(tensors as tf.NamedTensorMap);
}

/** [batch, row, …]; what is missing at the end is filled up with the first row, and has `mask` 0. */
export function pieceItems(parts: readonly Part[], batches: number, batchSize: number): Tensors {
  const count = parts.reduce((sum, { rows }) => sum + rows, 0);
  const missing = batches * batchSize - count;
  return tf.tidy(() => {
    const items = Object.entries(parts[0]?.tensors ?? {}).map(([name, { shape, dtype }]) => {
      const row = shape.slice(1);
      const all = parts.flatMap(({ tensors }) => tensors[name] ?? []);
      const [first, ...others] = all;
      // Zeros in an example, which has no row.
      if (!first || count === 0) return [name, tf.zeros([batches, batchSize, ...row], dtype)];
      if (missing > 0) all.push(tf.gather(first, tf.zeros([missing], 'int32')));
      const whole = missing === 0 && others.length === 0 ? first : tf.concat(all);
      return [name, whole.reshape([batches, batchSize, ...row])];
    });
    return { ...Object.fromEntries(items), mask: maskItems(count, batches, batchSize) };
  });
}
