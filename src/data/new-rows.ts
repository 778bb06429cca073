/** @file Rows that a model has never seen: read as the training data was, and encoded by its preprocessing. */
import type { DataSpec } from '../spec/schema/data.ts';
import { DataError } from './data-error.ts';
import { bytesOfRow } from './memory.ts';
import { encoderOf, type Preprocessing } from './preprocessing.ts';
import type { InputArray } from './signature.ts';
import type { ColumnSource } from './table/column-source.ts';
import { suggest } from './table/nearest.ts';
import { openTable } from './table/open-table.ts';
import { readsOf } from './table/record-reads.ts';
import { type Row, rowSource } from './table/row-source.ts';
import type { Table } from './table/table.ts';

export interface EncodedRows {
  readonly rows: number;
  readonly inputs: Readonly<Record<string, InputArray>>;
}

/**
 * Encodes new rows: a table (see `openRows`) by windows, in its order, or plain objects at once. Targets
 * are not needed. `sizeOf` says how many rows make a window, by the bytes that one takes; default: all.
 * Throws a `DataError` that names the columns that are missing.
 */
export async function* encodeRows(
  preprocessing: Readonly<Record<string, unknown>>,
  rows: Table | readonly Row[],
  sizeOf: (rowBytes: number) => number = () => Number.POSITIVE_INFINITY,
): AsyncGenerator<EncodedRows> {
  const fitted = fittedPreprocessing(preprocessing);
  const encode = encoderOf(fitted);
  for await (const window of windowsOf(fitted, rows, sizeOf)) {
    const position = Int32Array.from({ length: window.rows }, (_, row) => row);
    yield { rows: window.rows, inputs: await encode(window, position, window.rows) };
  }
}

async function* windowsOf(
  fitted: Preprocessing,
  rows: Table | readonly Row[],
  sizeOf: (rowBytes: number) => number,
): AsyncGenerator<ColumnSource> {
  const table = 'columns' in rows ? rows : undefined;
  const source: ColumnSource = table ?? rowSource(rows as readonly Row[], fitted.reading.missing);
  const missing = missingColumns(fitted, source);
  if (missing.length > 0 && source.rows > 0) throw new DataError([lacking(missing, source)]);
  // Also without any row there is one window: what is made of it has its columns.
  if (!table || table.rows === 0) yield source;
  else {
    const encode = encoderOf(fitted);
    const reads = await readsOf((none) => encode(none, new Int32Array(), 0));
    const size = sizeOf(bytesOfRow(reads, fitted.inputs, 0));
    yield* table.windows(reads, Math.min(size, table.rows));
  }
}

export interface OpenRowsOptions {
  /** A file that `writeTable` will write. */
  readonly writable?: string;
  readonly memory?: DataSpec['memory'];
}

/**
 * Opens a file of new rows. Its own columns are used when it has all that the features need, in the
 * order of the file; otherwise the spec's query derives them, and gives its rows.
 */
export async function openRows(
  preprocessing: Readonly<Record<string, unknown>>,
  source: readonly string[],
  baseDirectory: string,
  { writable, memory }: OpenRowsOptions = {},
): Promise<Table> {
  const fitted = fittedPreprocessing(preprocessing);
  const { missing, query, key, textColumns } = fitted.reading;
  const options = { textColumns, writable };
  const plain = await openTable({ source, key: [], missing, memory }, baseDirectory, options);
  if (!plain.ok) throw new DataError(plain.problems);
  const lacks = missingColumns(fitted, plain.table);
  if (lacks.length === 0) return plain.table;
  const problem = lacking(lacks, plain.table);
  plain.table[Symbol.dispose]();
  if (query === null) throw new DataError([problem]);
  const derived = await openTable({ source, query, key, missing, memory }, baseDirectory, options);
  if (!derived.ok) throw new DataError([problem, ...derived.problems]);
  return derived.table;
}

function fittedPreprocessing(preprocessing: Readonly<Record<string, unknown>>): Preprocessing {
  if (preprocessing.version !== 1)
    throw new Error(
      `This model's preprocessing is of version ${preprocessing.version}; 1 is known.`,
    );
  // Written by `fitPreprocessing` of that version.
  return preprocessing as unknown as Preprocessing;
}

const missingColumns = ({ columns }: Preprocessing, source: ColumnSource) => [
  ...new Set(columns.map(({ column }) => column).filter((column) => !source.has(column))),
];

function lacking(columns: readonly string[], source: ColumnSource) {
  const names = columns.map((column) => `"${column}"`).join(', ');
  const [first = ''] = columns;
  const known = 'allColumns' in source ? (source as Table).allColumns.map(({ name }) => name) : [];
  return {
    path: [],
    expected: `rows with the column${columns.length > 1 ? 's' : ''} ${names}`,
    came: 'rows without',
    hint: known.length > 0 ? suggest(first, known, 'Columns') : undefined,
  };
}
