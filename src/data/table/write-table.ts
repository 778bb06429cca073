/** @file Writing a table with added columns: CSV, TSV, JSON Lines or Parquet, by the file's ending. */
import { renameSync, rmSync } from 'node:fs';
import { DOUBLE, type DuckDBConnection, DuckDBDataChunk, VARCHAR } from '@duckdb/node-api';
import { DataError } from '../data-error.ts';
import { duckdbMessage } from './duckdb-message.ts';
import { partOf } from './files.ts';
import { readingProblem } from './open-table.ts';
import { quoteName, quoteText } from './sql.ts';
import type { Table } from './table.ts';

export interface AddedColumn {
  readonly name: string;
  readonly values: ArrayLike<number | string>;
}
/** The added columns of some rows. */
type Window = readonly AddedColumn[];
type Windows = AsyncIterable<Window> | Iterable<Window>;

const chunkRows = 2048;

/**
 * The table's own columns come first, then those of the windows, which follow the order of its rows;
 * there is at least one. The file is there whole or not at all. The table must have been opened with
 * `writable: file`.
 */
export async function writeTable(table: Table, windows: Windows, file: string): Promise<void> {
  const part = partOf(file);
  try {
    const list = listOf(table, await addWindows(table, windows));
    await table.connection.run(
      `COPY (SELECT ${list.join(', ')} FROM rows POSITIONAL JOIN added)
        TO ${quoteText(part)} (${copyOptions(file)})`,
    );
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    const message = duckdbMessage(error);
    // Of what DuckDB cannot write it tells the name; else it was the rows, or memory for them.
    if (message?.includes(part)) throw new Error(message.replaceAll(part, file), { cause: error });
    const problem = readingProblem(error);
    throw problem ? new DataError([problem]) : error;
  }
}

/** A column of the input that is called like a prediction keeps its values under another name. */
const listOf = (table: Table, added: readonly string[]) => [
  ...table.columns.map(({ name }) =>
    added.includes(name)
      ? `rows.${quoteName(name)} AS ${quoteName(`${name}_input`)}`
      : `rows.${quoteName(name)}`,
  ),
  ...added.map((name) => `added.${quoteName(name)}`),
];

/** Collects them in a table of DuckDB's, which lies on the disk where it is large; gives their names. */
async function addWindows(table: Table, windows: Windows): Promise<readonly string[]> {
  // The table's own connection is busy reading.
  const connection = await table.connect();
  try {
    let names: readonly string[] | undefined;
    for await (const window of windows) {
      names ??= await createAdded(connection, window);
      const appender = await connection.createAppender('added');
      for (const chunk of chunksOf(window)) appender.appendDataChunk(chunk);
      appender.closeSync();
    }
    return names ?? [];
  } finally {
    connection.closeSync();
  }
}

async function createAdded(connection: DuckDBConnection, window: Window) {
  const columns = window.map((column) => `${quoteName(column.name)} ${typeOf(column)}`);
  await connection.run(`CREATE OR REPLACE TABLE added (${columns.join(', ')})`);
  return window.map(({ name }) => name);
}

const typeOf = ({ values }: AddedColumn) => (typeof values[0] === 'string' ? VARCHAR : DOUBLE);

function* chunksOf(window: Window): Generator<DuckDBDataChunk> {
  const all = window[0]?.values.length ?? 0;
  for (let row = 0; row < all; row += chunkRows) {
    const rows = Math.min(chunkRows, all - row);
    const chunk = DuckDBDataChunk.create(window.map(typeOf), rows);
    chunk.setColumns(
      window.map(({ values }) =>
        Array.from({ length: rows }, (_, index) => values[row + index] ?? null),
      ),
    );
    yield chunk;
  }
}

function copyOptions(file: string): string {
  const [, ending = '', packed = ''] = /\.([a-z]+)(?:\.(gz|zst))?$/i.exec(file.toLowerCase()) ?? [];
  const compression =
    packed === 'gz' ? ', COMPRESSION gzip' : packed === 'zst' ? ', COMPRESSION zstd' : '';
  if (ending === 'parquet' || ending === 'pq') return 'FORMAT parquet';
  if (['json', 'jsonl', 'ndjson'].includes(ending)) return `FORMAT json${compression}`;
  const delimiter = ending === 'tsv' ? ", DELIMITER '\t'" : '';
  return `FORMAT csv, HEADER true${delimiter}${compression}`;
}
