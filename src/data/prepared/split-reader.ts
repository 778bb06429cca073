/** @file Some rows of a split at a time, read by the system's threads while JavaScript goes on. */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { InputArray, LabelArray, Split } from '../signature.ts';
import {
  type ArrayEntry,
  arraysOf,
  mapValues,
  type NumberArray,
  type SplitEntry,
} from './manifest.ts';
import { type RowRun, readRows, runsOf, type Words } from './read-rows.ts';

export interface SplitReader {
  /**
   * These rows, as a split of just them: their places within the split, ascending, none twice. The
   * files' reads are all handed to the system before this returns.
   */
  read(rows: Int32Array): Promise<Split>;
  [Symbol.dispose](): void;
}

export const openSplit = (directory: string, entry: SplitEntry): SplitReader =>
  new FileSplitReader(directory, entry);

/** Owns the open files of a split. */
class FileSplitReader implements SplitReader {
  readonly #entry: SplitEntry;
  readonly #descriptors: ReadonlyMap<string, number>;
  #reading = 0;
  #isDisposed = false;

  constructor(directory: string, entry: SplitEntry) {
    this.#entry = entry;
    this.#descriptors = new Map(
      arraysOf(entry).map(({ file }) => [file, openSync(join(directory, file), 'r')]),
    );
  }

  async read(rows: Int32Array): Promise<Split> {
    if (this.#isDisposed) throw new Error('internal: a split was read after its end');
    const { pending, split } = this.#start(rows, runsOf(rows, this.#entry.rows));
    this.#reading++;
    try {
      // All of them, even when one fails: the files must not be closed under the others.
      const results = await Promise.allSettled(pending);
      for (const result of results) if (result.status === 'rejected') throw result.reason;
      return split;
    } finally {
      this.#reading--;
      if (this.#isDisposed) this.#closeUnlessReading();
    }
  }

  #start({ length }: Int32Array, runs: readonly RowRun[]) {
    const pending: Promise<void>[] = [];
    const fill = <Values extends NumberArray>(
      entry: ArrayEntry,
      columns: number,
      values: Values,
    ): Values => {
      const descriptor = this.#descriptors.get(entry.file);
      if (descriptor === undefined) throw new Error(`internal: ${entry.file} is not open`);
      pending.push(readRows(descriptor, runs, wordsOf(values), columns));
      return values;
    };
    const float32 = (entry: ArrayEntry, columns: number) =>
      fill(entry, columns, new Float32Array(length * columns));
    const int32 = (entry: ArrayEntry, columns: number) =>
      fill(entry, columns, new Int32Array(length * columns));
    const { rowNumbers, weights, inputs, labels } = this.#entry;
    const split: Split = {
      rows: length,
      rowNumbers: int32(rowNumbers, 1),
      weights: weights && float32(weights, 1),
      inputs: mapValues(
        inputs,
        ({ values, columns }): InputArray => ({
          values: values.type === 'int32' ? int32(values, columns) : float32(values, columns),
          columns,
        }),
      ),
      labels: mapValues(
        labels,
        ({ values, present, columns }): LabelArray => ({
          values: float32(values, columns),
          present: fill(present, 1, new Uint8Array(length)),
          columns,
        }),
      ),
    };
    return { pending, split };
  }

  #closeUnlessReading(): void {
    if (this.#reading > 0) return;
    for (const descriptor of this.#descriptors.values()) closeSync(descriptor);
  }

  [Symbol.dispose](): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#closeUnlessReading();
  }
}

/** Bits are copied, not numbers. */
const wordsOf = (values: NumberArray): Words =>
  values instanceof Float32Array
    ? new Int32Array(values.buffer, values.byteOffset, values.length)
    : values;
