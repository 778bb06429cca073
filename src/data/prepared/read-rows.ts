/** @file Rows out of the middle of a file, in few calls of the system and without a copy. */
import { readv } from 'node:fs';
import { promisify } from 'node:util';

/** Rows that follow each other, in the file and in the array. */
export interface RowRun {
  /** Its first row in the file, and in the array. */
  readonly first: number;
  readonly place: number;
  readonly rows: number;
}

/** Gaps up to here are read over: that takes no longer than another call. */
const mostGap = 16_384;
/** What one call reads at most, so that all threads have something to do. */
const mostBytes = 1 << 22;
/** The system takes 1,024. */
const mostViews = 1000;
/** What lies in gaps; nobody looks at it. */
const ignored = new Uint8Array(mostGap);

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

/** Fills `bytes`; every call to the system has been made when this returns. */
export function readRows(
  descriptor: number,
  runs: readonly RowRun[],
  bytes: Uint8Array,
  rowBytes: number,
): readonly Promise<void>[] {
  const pending: Promise<void>[] = [];
  let views: Uint8Array[] = [];
  let start = 0;
  let end = 0;
  const flush = () => {
    if (views.length > 0) pending.push(readFully(descriptor, views, start));
    views = [];
  };
  for (const { first, place, rows } of runs) {
    const gap = first * rowBytes - end;
    const isFar = gap > mostGap || views.length >= mostViews - 1 || end - start >= mostBytes;
    if (views.length === 0 || isFar) {
      flush();
      start = first * rowBytes;
    } else if (gap > 0) views.push(ignored.subarray(0, gap));
    end = (first + rows) * rowBytes;
    const own = bytes.subarray(place * rowBytes, (place + rows) * rowBytes);
    views.push(own.subarray(0, mostBytes));
    for (let at = mostBytes; at < own.length; at += mostBytes) {
      flush();
      start = first * rowBytes + at;
      views.push(own.subarray(at, at + mostBytes));
    }
  }
  flush();
  return pending;
}

const read = promisify(readv);

async function readFully(
  descriptor: number,
  views: readonly Uint8Array[],
  position: number,
): Promise<void> {
  let rest = views;
  for (let at = position; rest.length > 0; ) {
    const { bytesRead } = await read(descriptor, rest, at);
    if (bytesRead === 0) throw new Error('a file of prepared data became shorter');
    at += bytesRead;
    rest = after(rest, bytesRead);
  }
}

function after(views: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let skipped = 0;
  for (const [index, view] of views.entries()) {
    if (skipped + view.length > bytes)
      return [view.subarray(bytes - skipped), ...views.slice(index + 1)];
    skipped += view.length;
  }
  return [];
}
