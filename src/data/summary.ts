/** @file What prepared data hold, for the record: the features' columns and the rows of each split. */
import { openPrepared } from './prepared/read.ts';
import type { Preprocessing } from './preprocessing.ts';

export interface DataSummary {
  readonly rows: { readonly train: number; readonly validation: number; readonly test: number };
  readonly columns: readonly {
    readonly name: string;
    readonly type: 'number' | 'text' | 'boolean' | 'date';
  }[];
}

/** Of a folder that `prepareData` wrote; reads its manifest only. */
export function summarizePrepared(directory: string): DataSummary {
  const { splits, preprocessing } = openPrepared(directory);
  const { train, validation, test } = splits;
  // It was written from this type (`prepareData`).
  const { columns } = preprocessing as unknown as Preprocessing;
  return {
    rows: { train: train.rows, validation: validation.rows, test: test?.rows ?? 0 },
    columns: columns.map(({ column, type }) => ({ name: column, type: plainTypes[type] })),
  };
}

const plainTypes = {
  number: 'number',
  oneHot: 'text',
  embedding: 'text',
  ordinal: 'text',
  boolean: 'boolean',
  date: 'date',
} as const;
