/** @file Prepared data on disk: whole splits into memory, or some rows at a time. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { InputArray, LabelArray, PreparedData, Split } from '../signature.ts';
import {
  type ArrayEntry,
  arraysOf,
  bytesOf,
  mapValues,
  pieceBytes,
  readManifest,
  type SplitEntry,
} from './manifest.ts';
import { type MissingLabels, openSplit, type SplitReader } from './split-reader.ts';

/** A split that lies on disk. */
export interface StoredSplit {
  readonly rows: number;
  /** Of its inputs, labels and weights in memory. */
  readonly bytes: number;
  /** All of it. */
  load(): Split;
  /** The labels, presence, weights and row numbers; the inputs are left out. */
  loadLabels(): Split;
  /** Which rows have a label, by task: a byte a row. */
  loadPresence(): Readonly<Record<string, Uint8Array>>;
  readonly isWeighted: boolean;
  /** For reading some rows at a time. The caller disposes of it. */
  open(missing: MissingLabels): SplitReader;
}

export interface StoredData extends Pick<PreparedData, 'signature' | 'preprocessing'> {
  readonly splits: {
    readonly train: StoredSplit;
    readonly validation: StoredSplit;
    readonly test: StoredSplit | null;
  };
}

/** Finds what `prepareData` wrote; reads nothing but its manifest. */
export function openPrepared(directory: string): StoredData {
  const { signature, preprocessing, splits } = readManifest(directory);
  const { train, validation, test } = splits;
  if (!train || !validation) throw new Error('internal: prepared data without its splits');
  return {
    signature,
    preprocessing,
    splits: {
      train: storedSplit(directory, train),
      validation: storedSplit(directory, validation),
      test: test ? storedSplit(directory, test) : null,
    },
  };
}

/** Loads all that `prepareData` wrote. */
export function readPrepared(directory: string): PreparedData {
  const { signature, preprocessing, splits } = openPrepared(directory);
  const { train, validation, test } = splits;
  return {
    signature,
    preprocessing,
    splits: { train: train.load(), validation: validation.load(), test: test?.load() ?? null },
  };
}

function storedSplit(directory: string, entry: SplitEntry): StoredSplit {
  const [, ...others] = arraysOf(entry);
  return {
    rows: entry.rows,
    bytes: others.reduce((sum, array) => sum + bytesOf(array), 0),
    load: () => loadSplit(directory, entry, entry.inputs),
    loadLabels: () => loadSplit(directory, entry, {}),
    loadPresence: () =>
      mapValues(entry.labels, ({ present }) => readBytes(join(directory, present.file))),
    isWeighted: entry.weights !== null,
    open: (missing) => openSplit(directory, entry, missing),
  };
}

function loadSplit(directory: string, entry: SplitEntry, inputs: SplitEntry['inputs']): Split {
  const float32 = ({ file }: ArrayEntry) =>
    new Float32Array(readBytes(join(directory, file)).buffer);
  const int32 = ({ file }: ArrayEntry) => new Int32Array(readBytes(join(directory, file)).buffer);
  return {
    rows: entry.rows,
    rowNumbers: int32(entry.rowNumbers),
    weights: entry.weights ? float32(entry.weights) : null,
    inputs: mapValues(
      inputs,
      ({ values, columns }): InputArray => ({
        values: values.type === 'int32' ? int32(values) : float32(values),
        columns,
      }),
    ),
    labels: mapValues(
      entry.labels,
      ({ values, present, columns }): LabelArray => ({
        values: float32(values),
        present: readBytes(join(directory, present.file)),
        columns,
      }),
    ),
  };
}

/** The buffer is as long as the file. */
function readBytes(path: string): Uint8Array<ArrayBuffer> {
  const descriptor = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(new ArrayBuffer(fstatSync(descriptor).size));
    for (let at = 0; at < bytes.length; ) {
      const read = readSync(descriptor, bytes, at, Math.min(pieceBytes, bytes.length - at), at);
      if (read === 0) throw new Error(`${path} became shorter while it was read`);
      at += read;
    }
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}
