/** @file The rows that a trial trains on: all of them in tensors, or read from the disk segment by segment. */
import * as tf from '@tensorflow/tfjs';
import type { Tensors } from '../compile/index.ts';
import type { Split, StoredSplit } from '../data/index.ts';
import { batchItems, rowTensors, type SplitFacts } from './batches.ts';
import { cutPieces, pieceItems, segmentsAfter } from './cut-pieces.ts';
import { type Draw, epochOrder, epochSegments, type LabelledRows } from './epoch-order.ts';
import { readAhead } from './read-ahead.ts';

/** An epoch, or the rest of one. */
export interface Epoch {
  readonly labelled: LabelledRows;
  readonly draw: Draw | null;
  readonly batchSize: number;
  /** The piece to begin with. */
  readonly first: number;
}

export interface TrainingRows {
  readonly rows: number;
  /** Which rows have a label, by task. */
  readonly presence: Readonly<Record<string, Uint8Array>>;
  /** Batches in the items of a piece. */
  pieceBatches(batchSize: number): number;
  /** Items of a piece's shape. The caller disposes of them. */
  example(batchSize: number): Tensors;
  /** The items of an epoch, piece by piece; each is valid until the next one is asked for. */
  pieces(epoch: Epoch): AsyncGenerator<Tensors>;
  [Symbol.dispose](): void;
}

/**
 * In bytes. They are no settings: the order of the rows follows from them, so that a spec has the
 * same numbers on a machine of any size.
 */
export const streamLimits = {
  /** Beyond this, a split is read from the disk whenever it is used. */
  held: 64 * 2 ** 20,
  /** Rows are mixed within it; there is memory for two of them. */
  segment: 32 * 2 ** 20,
  /** Rows that stay together when blocks are shuffled: what is read at once. */
  block: 256 * 2 ** 10,
  /** What is gathered at once; no number depends on it. */
  piece: 8 * 2 ** 20,
};

export async function trainingRows(
  stored: StoredSplit,
  facts: SplitFacts,
  limits = streamLimits,
): Promise<TrainingRows> {
  return stored.bytes <= limits.held
    ? heldRows(stored, facts)
    : await diskRows(stored, facts, limits);
}

function heldRows(stored: StoredSplit, facts: SplitFacts): TrainingRows {
  const split = stored.load();
  const tensors = rowTensors(split, facts);
  const pieceBatches = (batchSize: number) => Math.ceil(stored.rows / batchSize);
  const itemsOf = (order: Int32Array, batchSize: number) =>
    batchItems(tensors, order, pieceBatches(batchSize), batchSize);
  return {
    rows: stored.rows,
    presence: presenceOf(split),
    pieceBatches,
    example: (batchSize) => itemsOf(new Int32Array(), batchSize),
    async *pieces({ labelled, draw, batchSize, first }) {
      if (first > 0) return;
      const items = itemsOf(epochOrder(labelled, draw), batchSize);
      try {
        yield items;
      } finally {
        tf.dispose(items as tf.NamedTensorMap);
      }
    },
    [Symbol.dispose]: () => tf.dispose(tensors as tf.NamedTensorMap),
  };
}

const presenceOf = ({ labels }: Split) =>
  Object.fromEntries(Object.entries(labels).map(([task, { present }]) => [task, present]));

async function diskRows(
  stored: StoredSplit,
  facts: SplitFacts,
  limits: Omit<typeof streamLimits, 'held'>,
): Promise<TrainingRows> {
  const rowBytes = stored.bytes / stored.rows;
  const blockRows = Math.max(1, Math.floor(limits.block / rowBytes));
  const reach = Math.max(1, Math.floor(limits.segment / rowBytes / blockRows)) * blockRows;
  const reader = stored.open(facts.sparse);
  const rooms = reader.rooms(Math.min(reach, stored.rows));
  const none = rowTensors(await reader.read([], rooms[0]), facts);
  const pieceBatches = (batchSize: number) =>
    Math.max(1, Math.floor(limits.piece / rowBytes / batchSize));
  return {
    rows: stored.rows,
    presence: stored.loadPresence(),
    pieceBatches,
    example: (batchSize) =>
      pieceItems([{ rows: 0, tensors: none }], pieceBatches(batchSize), batchSize),
    async *pieces({ labelled, draw, batchSize, first }) {
      const batches = pieceBatches(batchSize);
      const segments = epochSegments(labelled, draw, { blockRows, reach });
      const wanted = segmentsAfter(segments, first * batches * batchSize);
      const read = readAhead(wanted, rooms, ({ ranges }, room) => reader.read(ranges, room));
      yield* cutPieces(read, facts, batches, batchSize);
    },
    [Symbol.dispose]() {
      reader[Symbol.dispose]();
      tf.dispose(none as tf.NamedTensorMap);
    },
  };
}
