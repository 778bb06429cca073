/** @file Rows out of the middle of a file, in few calls of the system. */
import { read } from 'node:fs';
import { promisify } from 'node:util';

/** Rows that follow each other, in the file and in the array. */
export interface RowRun {
  /** Its first row in the file, and in the array. */
  readonly first: number;
  readonly place: number;
  readonly rows: number;
}

/** The elements of an array, whatever numbers they stand for. */
export type Words = Int32Array | Uint8Array;

/** Runs that are read together, with the gaps between them. */
interface Span {
  readonly runs: readonly RowRun[];
  readonly first: number;
  readonly end: number;
}

/** Gaps up to here, in bytes, are read over: that takes no longer than another call. */
const mostGap = 16_384;
/** As long as no more than this is read in all: it is held until the rows are out of it. */
const mostWithGaps = 160e6;
/** What one call reads at most, so that all threads have something to do. */
const mostAtOnce = 1 << 22;

/** `rows` ascend below `count`. */
export function runsOf(rows: Int32Array, count: number): readonly RowRun[] {
  const runs: RowRun[] = [];
  let start = 0;
  let before = -1;
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place] as number;
    if (row <= before || row >= count)
      throw new Error(`internal: row ${row} after ${before} of ${count}`);
    if (place > 0 && row > before + 1) {
      runs.push(runFrom(rows, start, place));
      start = place;
    }
    before = row;
  }
  if (rows.length > 0) runs.push(runFrom(rows, start, rows.length));
  return runs;
}

const runFrom = (rows: Int32Array, start: number, end: number): RowRun => ({
  first: rows[start] as number,
  place: start,
  rows: end - start,
});

/** Fills `target`; every call to the system has been made when this returns its promise. */
export async function readRows(
  descriptor: number,
  runs: readonly RowRun[],
  target: Words,
  columns: number,
): Promise<void> {
  const pending: Promise<void>[] = [];
  const copies: (() => void)[] = [];
  const rowBytes = columns * target.BYTES_PER_ELEMENT;
  for (const span of spansOf(runs, rowBytes)) {
    const [run, ...others] = span.runs;
    if (!run) continue;
    const isWhole = others.length === 0;
    const words = isWhole
      ? target.subarray(run.place * columns, (run.place + run.rows) * columns)
      : emptyLike(target, (span.end - span.first) * columns);
    pending.push(...readAll(descriptor, words, span.first * rowBytes));
    if (!isWhole) copies.push(() => copyRuns(span, words, target, columns));
  }
  // All of them, even when one fails: the file must not be closed under the others.
  const results = await Promise.allSettled(pending);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  for (const copy of copies) copy();
}

function spansOf(runs: readonly RowRun[], rowBytes: number): readonly Span[] {
  const [first, last] = [runs[0], runs.at(-1)];
  if (!first || !last) return [];
  for (let gap = mostGap; gap >= rowBytes; gap /= 4) {
    const spans = joined(runs, Math.floor(gap / rowBytes));
    const rows = spans.reduce((sum, span) => sum + span.end - span.first, 0);
    if (rows * rowBytes <= mostWithGaps) return spans;
  }
  return joined(runs, 0);
}

/** Joins runs over gaps of up to so many rows. */
function joined(runs: readonly RowRun[], mostRows: number): readonly Span[] {
  const spans: { runs: RowRun[]; first: number; end: number }[] = [];
  for (const run of runs) {
    const end = run.first + run.rows;
    const span = spans.at(-1);
    if (span && run.first - span.end <= mostRows) {
      span.runs.push(run);
      span.end = end;
    } else spans.push({ runs: [run], first: run.first, end });
  }
  return spans;
}

function copyRuns({ runs, first }: Span, words: Words, target: Words, columns: number): void {
  for (const run of runs) {
    const from = (run.first - first) * columns;
    const to = run.place * columns;
    for (let word = 0; word < run.rows * columns; word++)
      target[to + word] = words[from + word] as number;
  }
}

const emptyLike = (target: Words, length: number): Words =>
  target instanceof Int32Array ? new Int32Array(length) : new Uint8Array(length);

function readAll(descriptor: number, words: Words, position: number): readonly Promise<void>[] {
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  const pending: Promise<void>[] = [];
  for (let at = 0; at < bytes.length; at += mostAtOnce)
    pending.push(readFully(descriptor, bytes.subarray(at, at + mostAtOnce), position + at));
  return pending;
}

const readPiece = promisify(read);

async function readFully(descriptor: number, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await readPiece(descriptor, bytes, at, bytes.length - at, position + at);
    if (bytesRead === 0) throw new Error('a file of prepared data became shorter');
    at += bytesRead;
  }
}
