/** @file The data of a sweep's trials, held by a worker: read once, and made into tensors once. */
import * as tf from '@tensorflow/tfjs';
import type { Tensors } from '../compile/index.ts';
import { openPrepared, type StoredSplit } from '../data/index.ts';
import type { PreparedData, Split } from '../data/signature.ts';
import { factsOf, rowTensors, type SplitFacts } from './batches.ts';
import { heldBytes, type TrainingRows, trainingRows } from './training-rows.ts';

/** Rows that are measured at once. */
export const evaluationRows = 2048;

export interface MeasuredBatch {
  /** A sequence of one item: [1, row, …]. */
  readonly items: Tensors;
  /** Of them, those that are no filling. */
  readonly rows: number;
}

/** A split to measure. */
export interface MeasuredSplit {
  /** Without its inputs. */
  readonly split: Split;
  /** Valid until the next one is asked for. */
  batches(): AsyncIterable<MeasuredBatch>;
  dispose(): void;
}

export interface HeldData extends Pick<PreparedData, 'signature' | 'preprocessing'> {
  readonly facts: SplitFacts;
  readonly train: TrainingRows;
  readonly validation: MeasuredSplit;
  readonly test: MeasuredSplit | null;
  [Symbol.dispose](): void;
}

/** The data read last: trials of a sweep mostly share them. */
let held: { readonly directory: string; readonly data: HeldData } | undefined;

export async function holdData(directory: string): Promise<HeldData> {
  if (held?.directory === directory) return held.data;
  held?.data[Symbol.dispose]();
  held = undefined;
  const data = await readHeld(directory);
  held = { directory, data };
  return data;
}

async function readHeld(directory: string): Promise<HeldData> {
  const { signature, preprocessing, splits } = openPrepared(directory);
  const stored = [splits.train, splits.validation, ...(splits.test ? [splits.test] : [])];
  const facts = unitedFacts(stored.map((each) => each.loadLabels()));
  const train = await trainingRows(splits.train, facts);
  const validation = measuredSplit(splits.validation, facts);
  const test = splits.test && measuredSplit(splits.test, facts);
  return {
    signature,
    preprocessing,
    facts,
    train,
    validation,
    test,
    [Symbol.dispose]() {
      train[Symbol.dispose]();
      validation.dispose();
      test?.dispose();
    },
  };
}

/** One program measures all splits, so that what one of them needs all of them have. */
function unitedFacts(splits: readonly Split[]): SplitFacts {
  const all = splits.map(factsOf);
  return {
    sparse: [...new Set(all.flatMap(({ sparse }) => sparse))],
    isWeighted: all.some(({ isWeighted }) => isWeighted),
  };
}

function measuredSplit(stored: StoredSplit, facts: SplitFacts): MeasuredSplit {
  if (stored.bytes > heldBytes) return diskSplit(stored, facts);
  const split = stored.load();
  const batches: MeasuredBatch[] = [];
  for (let from = 0; from < split.rows; from += evaluationRows) {
    batches.push(batchAt(split, facts, from));
  }
  return {
    split: { ...split, inputs: {} },
    async *batches() {
      yield* batches;
    },
    dispose() {
      for (const { items } of batches) tf.dispose(items as tf.NamedTensorMap);
    },
  };
}

/** Batches that are read together. */
const batchesAtOnce = 32;

function diskSplit(stored: StoredSplit, facts: SplitFacts): MeasuredSplit {
  const reader = stored.open();
  return {
    split: stored.loadLabels(),
    async *batches() {
      const size = evaluationRows * batchesAtOnce;
      for (let start = 0; start < stored.rows; start += size) {
        const rows = new Int32Array(Math.min(size, stored.rows - start));
        for (let row = 0; row < rows.length; row++) rows[row] = start + row;
        const piece = await reader.read(rows);
        for (let from = 0; from < piece.rows; from += evaluationRows) {
          const batch = batchAt(piece, facts, from);
          try {
            yield batch;
          } finally {
            tf.dispose(batch.items as tf.NamedTensorMap);
          }
        }
      }
    },
    dispose: () => reader[Symbol.dispose](),
  };
}

function batchAt(split: Split, facts: SplitFacts, from: number): MeasuredBatch {
  const to = Math.min(split.rows, from + evaluationRows);
  const tensors = rowTensors(split, facts, [from, to, evaluationRows]);
  const mask = tf.tensor1d(new Float32Array(evaluationRows).fill(1, 0, to - from));
  return { items: asOneItem({ ...tensors, mask }), rows: to - from };
}

/** [row, …] → [1, row, …]: a sequence of one item. Disposes of what it is given. */
function asOneItem(tensors: Tensors): Tensors {
  const items = Object.entries(tensors).map(([name, tensor]) => [name, tensor.expandDims(0)]);
  tf.dispose(tensors as tf.NamedTensorMap);
  return Object.fromEntries(items);
}
