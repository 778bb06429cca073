/** @file Rows of a split, read into memory that is used again, by the system's threads while JavaScript goes on. */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { InputArray, LabelArray, Split } from '../signature.ts';
import { type ArrayEntry, mapValues, type NumberArray, type SplitEntry } from './manifest.ts';
import { readInto } from './read-into.ts';

/** Rows that follow each other on the disk. */
export interface RowRange {
  readonly first: number;
  readonly rows: number;
}

/** A split without the rows' numbers in the table. */
export type SplitRows = Omit<Split, 'rowNumbers'>;

/** Room for some rows of a split, to be filled again and again. */
export interface RowRoom {
  readonly rows: number;
  readonly arrays: ReadonlyMap<string, NumberArray>;
}

export interface SplitReader {
  /**
   * Two rooms for so many rows: one to fill while the other is used. Their arrays begin at
   * addresses from which TensorFlow takes a tensor without copying it: a room must not be filled
   * while such a tensor is in use.
   */
  rooms(rows: number): readonly [RowRoom, RowRoom];
  /**
   * Fills a room from its start, with one range after the other, and gives the part that it filled.
   * The files' reads are all handed to the system before this returns.
   */
  read(ranges: readonly RowRange[], room: RowRoom): Promise<SplitRows>;
  [Symbol.dispose](): void;
}

/** Which labels may be missing: the presence of the others is not read, and empty. */
export type MissingLabels = readonly string[];

export const openSplit = (
  directory: string,
  entry: SplitEntry,
  missing: MissingLabels,
): SplitReader => new FileSplitReader(directory, entry, missing);

/** An array on the disk, and how many of its numbers a row has. */
interface OpenArray {
  readonly entry: ArrayEntry;
  readonly columns: number;
  readonly descriptor: number;
}

/** Owns the open files of a split. */
class FileSplitReader implements SplitReader {
  readonly #entry: SplitEntry;
  readonly #arrays: readonly OpenArray[];
  #reading = 0;
  #isDisposed = false;

  constructor(directory: string, entry: SplitEntry, missing: MissingLabels) {
    this.#entry = entry;
    this.#arrays = [
      ...Object.values(entry.inputs).map(({ values, columns }) => ({ entry: values, columns })),
      ...Object.values(entry.labels).map(({ values, columns }) => ({ entry: values, columns })),
      ...missing.flatMap((label) => {
        const present = entry.labels[label]?.present;
        return present ? [{ entry: present, columns: 1 }] : [];
      }),
      ...(entry.weights ? [{ entry: entry.weights, columns: 1 }] : []),
    ].map((array) => ({ ...array, descriptor: openSync(join(directory, array.entry.file), 'r') }));
  }

  rooms(rows: number): readonly [RowRoom, RowRoom] {
    const sizes = this.#arrays.map(({ entry, columns }) => alignedBytes(entry, rows * columns));
    const whole = sizes.reduce((sum, size) => sum + size, 0);
    const buffer = alignedBuffer(2 * whole);
    const roomAt = (start: number): RowRoom => {
      let at = start;
      const arrays = this.#arrays.map(({ entry, columns }, index): [string, NumberArray] => {
        const array = new arrayTypes[entry.type](buffer, at, rows * columns);
        at += sizes[index] ?? 0;
        return [entry.file, array];
      });
      return { rows, arrays: new Map(arrays) };
    };
    return [roomAt(0), roomAt(whole)];
  }

  async read(ranges: readonly RowRange[], room: RowRoom): Promise<SplitRows> {
    if (this.#isDisposed) throw new Error('internal: a split was read after its end');
    const rows = ranges.reduce((sum, range) => sum + range.rows, 0);
    checkRanges(ranges, this.#entry.rows);
    if (rows > room.rows) throw new Error(`internal: ${rows} rows into a room for ${room.rows}`);
    this.#reading++;
    try {
      await readInto(this.#reads(ranges, room));
      return this.#filled(room, rows);
    } finally {
      this.#reading--;
      if (this.#isDisposed) this.#closeUnlessReading();
    }
  }

  *#reads(ranges: readonly RowRange[], room: RowRoom) {
    for (const { entry, columns, descriptor } of this.#arrays) {
      const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT } = arrayOf(room, entry);
      const bytes = new Uint8Array(buffer, byteOffset, byteLength);
      const rowBytes = columns * BYTES_PER_ELEMENT;
      let at = 0;
      for (const { first, rows } of ranges) {
        const target = bytes.subarray(at, at + rows * rowBytes);
        yield { descriptor, target, position: first * rowBytes };
        at += rows * rowBytes;
      }
    }
  }

  #filled(room: RowRoom, rows: number): SplitRows {
    const { weights, inputs, labels } = this.#entry;
    const part = <Values extends NumberArray>(entry: ArrayEntry, columns: number) =>
      arrayOf(room, entry).subarray(0, rows * columns) as Values;
    return {
      rows,
      weights: weights && part(weights, 1),
      inputs: mapValues(
        inputs,
        ({ values, columns }): InputArray => ({ values: part(values, columns), columns }),
      ),
      labels: mapValues(labels, ({ values, present, columns }): LabelArray => {
        const isRead = room.arrays.has(present.file);
        const presence = isRead ? part<Uint8Array>(present, 1) : new Uint8Array();
        return { values: part(values, columns), present: presence, columns };
      }),
    };
  }

  #closeUnlessReading(): void {
    if (this.#reading > 0) return;
    for (const { descriptor } of this.#arrays) closeSync(descriptor);
  }

  [Symbol.dispose](): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#closeUnlessReading();
  }
}

const arrayTypes = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array };
/** TensorFlow copies what begins elsewhere. */
const alignment = 64;
const alignedBytes = ({ type }: ArrayEntry, length: number) =>
  Math.ceil((length * arrayTypes[type].BYTES_PER_ELEMENT) / alignment) * alignment;

function arrayOf(room: RowRoom, { file }: ArrayEntry): NumberArray {
  const array = room.arrays.get(file);
  if (!array) throw new Error(`internal: no room for ${file}`);
  return array;
}

/** Node has it; TypeScript declares it with a browser's names alone. */
declare const WebAssembly: {
  readonly Memory: new (size: {
    readonly initial: number;
    readonly maximum: number;
  }) => { readonly buffer: ArrayBuffer };
};

/**
 * JavaScript cannot ask for an address, but the memory of WebAssembly begins at a page. It wants much
 * of the address space, which a limit (`ulimit -v`) may not leave; then TensorFlow copies, a bit slower.
 */
function alignedBuffer(bytes: number): ArrayBuffer {
  const pageBytes = 65_536;
  const mostPages = 65_536;
  const pages = Math.ceil(bytes / pageBytes);
  if (pages > mostPages) return new ArrayBuffer(bytes);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages }).buffer;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return new ArrayBuffer(bytes);
  }
}

function checkRanges(ranges: readonly RowRange[], count: number): void {
  for (const { first, rows } of ranges) {
    if (!(first >= 0 && rows > 0 && first + rows <= count))
      throw new Error(`internal: rows ${first} to ${first + rows} of ${count}`);
  }
}
