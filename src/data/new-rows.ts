/** @file Rows that a model has never seen: read as the training data was, and encoded by its preprocessing. */
import { resolve } from 'node:path';
import { DataError } from './data-error.ts';
import { encoderOf, type Preprocessing } from './preprocessing.ts';
import type { InputArray } from './signature.ts';
import type { ColumnSource } from './table/column-source.ts';
import { suggest } from './table/nearest.ts';
import { openTable } from './table/open-table.ts';
import { type Row, rowSource } from './table/row-source.ts';
import type { Table } from './table/table.ts';

export interface EncodedRows {
  readonly rows: number;
  readonly inputs: Readonly<Record<string, InputArray>>;
}

/**
 * Encodes new rows: a table (see `openRows`) or plain objects. Targets are not needed. Throws a
 * `DataError` that names the columns that are missing.
 */
export async function applyPreprocessing(
  preprocessing: Readonly<Record<string, unknown>>,
  rows: Table | readonly Row[],
): Promise<EncodedRows> {
  const fitted = fittedPreprocessing(preprocessing);
  const source: ColumnSource = Array.isArray(rows)
    ? rowSource(rows, fitted.reading.missing)
    : (rows as Table);
  const missing = missingColumns(fitted, source);
  if (missing.length > 0 && source.rows > 0) throw new DataError([lacking(missing, source)]);
  const position = Int32Array.from({ length: source.rows }, (_, row) => row);
  const inputs = await encoderOf(fitted)(source, position, source.rows);
  return { rows: source.rows, inputs };
}

/**
 * Opens a file of new rows. Its own columns are used when it has all that the features need, in the
 * order of the file; otherwise the spec's query derives them, and gives its rows. `writable` is a
 * file that `writeTable` will write.
 */
export async function openRows(
  preprocessing: Readonly<Record<string, unknown>>,
  source: readonly string[],
  baseDirectory: string,
  writable?: string,
): Promise<Table> {
  const fitted = fittedPreprocessing(preprocessing);
  const { missing, query, key, textColumns } = fitted.reading;
  const options = { textColumns, writable: writable && resolve(writable) };
  const plain = await openTable({ source, key: [], missing }, baseDirectory, options);
  if (!plain.ok) throw new DataError(plain.problems);
  const lacks = missingColumns(fitted, plain.table);
  if (lacks.length === 0) return plain.table;
  const problem = lacking(lacks, plain.table);
  plain.table[Symbol.dispose]();
  if (query === null) throw new DataError([problem]);
  const derived = await openTable({ source, query, key, missing }, baseDirectory, options);
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
