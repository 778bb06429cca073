/** @file The data of a sweep's trials, held by a worker: read once, and made into tensors once. */
import * as tf from '@tensorflow/tfjs';
import type { Tensors } from '../compile/index.ts';
import { readPrepared } from '../data/index.ts';
import type { PreparedData, Split } from '../data/signature.ts';
import { factsOf, rowTensors, type SplitFacts } from './batches.ts';

/** Rows that are measured at once. */
export const evaluationRows = 2048;

/** A split to measure, cut into batches of `evaluationRows`. */
export interface MeasuredSplit {
  readonly split: Split;
  /** Of each batch: the rows that are no filling. */
  readonly batches: readonly { readonly items: Tensors; readonly rows: number }[];
}

export interface HeldData {
  readonly data: PreparedData;
  readonly facts: SplitFacts;
  readonly train: Split;
  /** All rows of the training split. */
  readonly rows: Tensors;
  readonly validation: MeasuredSplit;
  readonly test: MeasuredSplit | null;
  [Symbol.dispose](): void;
}

/** The data read last: trials of a sweep mostly share them. */
let held: { readonly directory: string; readonly data: HeldData } | undefined;

export function holdData(directory: string): HeldData {
  if (held?.directory === directory) return held.data;
  held?.data[Symbol.dispose]();
  held = { directory, data: makeHeld(readPrepared(directory)) };
  return held.data;
}

function makeHeld(data: PreparedData): HeldData {
  const { train, validation, test } = data.splits;
  const facts = unitedFacts([train, validation, ...(test ? [test] : [])]);
  const rows = rowTensors(train, facts);
  const measured = [validation, test].map((split) => split && measuredSplit(split, facts));
  const [measuredValidation, measuredTest = null] = measured;
  if (!measuredValidation) throw new Error('internal: data without a validation split');
  return {
    data,
    facts,
    train,
    rows,
    validation: measuredValidation,
    test: measuredTest,
    [Symbol.dispose]() {
      tf.dispose(rows);
      for (const each of measured) tf.dispose(each?.batches.map(({ items }) => items) ?? []);
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

function measuredSplit(split: Split, facts: SplitFacts): MeasuredSplit {
  const batches: { items: Tensors; rows: number }[] = [];
  for (let from = 0; from < split.rows; from += evaluationRows) {
    const to = Math.min(split.rows, from + evaluationRows);
    const tensors = rowTensors(split, facts, [from, to, evaluationRows]);
    const mask = new Float32Array(evaluationRows).fill(1, 0, to - from);
    const items = { ...tensors, mask: tf.tensor1d(mask) };
    batches.push({ items: asOneItem(items), rows: to - from });
  }
  return { split, batches };
}

/** [row, …] → [1, row, …]: a sequence of one item. Disposes of what it is given. */
function asOneItem(tensors: Tensors): Tensors {
  const items = Object.entries(tensors).map(([name, tensor]) => [name, tensor.expandDims(0)]);
  tf.dispose(tensors as tf.NamedTensorMap);
  return Object.fromEntries(items);
}
