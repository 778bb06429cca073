/** @file The data of a sweep's trials, held by a worker: read once, and made into tensors once. */
import * as tf from '@tensorflow/tfjs';
import type { Tensors } from '../compile/index.ts';
import { openPrepared, type RowRange, type SplitRows, type StoredSplit } from '../data/index.ts';
import type { PreparedData, Split } from '../data/signature.ts';
import { factsOf, rowTensors, type SplitFacts } from './batches.ts';
import { readAhead } from './read-ahead.ts';
import { streamLimits, type TrainingRows, trainingRows } from './training-rows.ts';

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

/** `limits` other than a trial's are for tests. */
export async function readHeld(directory: string, limits = streamLimits): Promise<HeldData> {
  const { signature, preprocessing, splits } = openPrepared(directory);
  const stored = [splits.train, splits.validation, ...(splits.test ? [splits.test] : [])];
  const facts = factsOf(stored);
  const train = await trainingRows(splits.train, facts, limits);
  const validation = measuredSplit(splits.validation, facts, limits);
  const test = splits.test && measuredSplit(splits.test, facts, limits);
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

function measuredSplit(
  stored: StoredSplit,
  facts: SplitFacts,
  limits: typeof streamLimits,
): MeasuredSplit {
  if (stored.bytes > limits.held) return diskSplit(stored, facts, limits.piece);
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

/** `readBytes` are read together; there is memory for two times as many. */
function diskSplit(stored: StoredSplit, facts: SplitFacts, readBytes: number): MeasuredSplit {
  const reader = stored.open(facts.sparse);
  const batchBytes = (evaluationRows * stored.bytes) / stored.rows;
  const atOnce = evaluationRows * Math.max(1, Math.floor(readBytes / batchBytes));
  const rooms = reader.rooms(Math.min(atOnce, stored.rows));
  return {
    split: stored.loadLabels(),
    async *batches() {
      const wanted = rangesOf(stored.rows, atOnce);
      const read = readAhead(wanted, rooms, (range, room) => reader.read([range], room));
      for await (const { rows } of read) {
        for (let from = 0; from < rows.rows; from += evaluationRows) {
          const batch = batchAt(rows, facts, from);
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

function* rangesOf(rows: number, atOnce: number): Generator<RowRange, undefined> {
  for (let first = 0; first < rows; first += atOnce) {
    yield { first, rows: Math.min(atOnce, rows - first) };
  }
}

function batchAt(split: SplitRows, facts: SplitFacts, from: number): MeasuredBatch {
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
