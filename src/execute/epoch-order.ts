/** @file The order of the rows of an epoch: of a split in memory, or segment by segment of one on the disk. */
import type { RowRange } from '../data/index.ts';
import { rng } from '../plan/random.ts';

/** The rows of a split that train: those with a label of at least one of the tasks. */
export interface LabelledRows {
  /** Of the split. */
  readonly rows: number;
  /** Of them, those that train. */
  readonly count: number;
  /** 1 for each of them, by row; null where all of them do. */
  readonly marks: Uint8Array | null;
}

export function labelledRows(
  presence: Readonly<Record<string, Uint8Array>>,
  rows: number,
  tasks: readonly string[],
): LabelledRows {
  const present = tasks.map((task) => presence[task]);
  const marks = new Uint8Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (!present.some((labels) => labels?.[row] === 1)) continue;
    marks[row] = 1;
    count++;
  }
  return { rows, count, marks: count === rows ? null : marks };
}

/** What an epoch's order is drawn from; null: the order of the table. */
export type Draw = { readonly seed: number; readonly replicate: number; readonly epoch: number };

/**
 * The order of an epoch. All rows of the split are shuffled and then filtered, so that a control
 * sees its rows in the order in which the joint model sees them.
 */
export function epochOrder({ rows, marks }: LabelledRows, draw: Draw | null): Int32Array {
  const order = streamOf(draw)?.permutation(rows) ?? inOrder(rows);
  return marks ? order.filter((row) => marks[row] === 1) : order;
}

/** How far rows are shuffled: within `reach` rows, made of blocks that are shuffled first. */
export interface ShuffleReach {
  readonly blockRows: number;
  /** A whole number of blocks. */
  readonly reach: number;
}

/** As many blocks as `reach` holds. */
export interface Segment {
  /** Where its rows lie on the disk, ascending; in memory they follow each other. */
  readonly ranges: readonly RowRange[];
  /** Those that train, in the order of the epoch, as places in memory. */
  readonly order: Int32Array;
}

/**
 * An epoch of a split on the disk: its blocks in a random order, and the rows of as many blocks as
 * `reach` holds mixed. A segment begins and ends between blocks, so that each block is read once.
 */
export function* epochSegments(
  { rows, marks }: LabelledRows,
  draw: Draw | null,
  { blockRows, reach }: ShuffleReach,
): Generator<Segment, undefined> {
  const random = streamOf(draw);
  const count = Math.ceil(rows / blockRows);
  const blocks = random?.permutation(count) ?? inOrder(count);
  const together = reach / blockRows;
  for (let from = 0; from < count; from += together) {
    const ranges = rangesOf(blocks.slice(from, from + together).sort(), blockRows, rows);
    const length = ranges.reduce((sum, range) => sum + range.rows, 0);
    const order = random?.permutation(length) ?? inOrder(length);
    yield { ranges, order: marks ? filtered(order, ranges, marks) : order };
  }
}

const streamOf = (draw: Draw | null) =>
  draw && rng(draw.seed, draw.replicate, 'shuffle', draw.epoch);

function inOrder(length: number): Int32Array {
  const order = new Int32Array(length);
  for (let row = 1; row < length; row++) order[row] = row;
  return order;
}

/** `blocks` ascend; only the last of the split may be short. */
function rangesOf(blocks: Int32Array, blockRows: number, rows: number): readonly RowRange[] {
  const ranges: { first: number; rows: number }[] = [];
  for (const block of blocks) {
    const first = block * blockRows;
    const length = Math.min(blockRows, rows - first);
    const before = ranges.at(-1);
    if (before && before.first + before.rows === first) before.rows += length;
    else ranges.push({ first, rows: length });
  }
  return ranges;
}

function filtered(order: Int32Array, ranges: readonly RowRange[], marks: Uint8Array): Int32Array {
  const wanted = new Uint8Array(order.length);
  let at = 0;
  for (const { first, rows } of ranges) {
    wanted.set(marks.subarray(first, first + rows), at);
    at += rows;
  }
  return order.filter((place) => wanted[place] === 1);
}
