/** @file Writing a table with added columns: CSV, TSV, JSON Lines or Parquet, by the file's ending. */
import { resolve } from 'node:path';
import { DOUBLE, DuckDBDataChunk, VARCHAR } from '@duckdb/node-api';
import { quoteName, quoteText } from './sql.ts';
import type { Table } from './table.ts';

export interface AddedColumn {
  readonly name: string;
  readonly values: ArrayLike<number | string>;
}

const chunkRows = 2048;

/** The table's own columns come first. The table must have been opened with `writable: file`. */
export async function writeTable(
  table: Table,
  added: readonly AddedColumn[],
  file: string,
): Promise<void> {
  const types = added.map(({ values }) => (typeof values[0] === 'string' ? VARCHAR : DOUBLE));
  const names = added.map(({ name }) => name);
  const columns = names.map((name, index) => `${quoteName(name)} ${types[index]}`);
  const { connection } = table;
  await connection.run(`CREATE OR REPLACE TABLE added (${columns.join(', ')})`);
  const appender = await connection.createAppender('added');
  for (let row = 0; row < table.rows; row += chunkRows) {
    const rows = Math.min(chunkRows, table.rows - row);
    const chunk = DuckDBDataChunk.create(types, rows);
    chunk.setColumns(
      added.map(({ values }) =>
        Array.from({ length: rows }, (_, index) => values[row + index] ?? null),
      ),
    );
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
  // A column of the input that is called like a prediction keeps its values under another name.
  const list = [
    ...table.columns.map(({ name }) =>
      names.includes(name)
        ? `rows.${quoteName(name)} AS ${quoteName(`${name}_input`)}`
        : `rows.${quoteName(name)}`,
    ),
    ...names.map((name) => `added.${quoteName(name)}`),
  ];
  await connection.run(
    `COPY (SELECT ${list.join(', ')} FROM rows POSITIONAL JOIN added)
      TO ${quoteText(resolve(file))} (${copyOptions(file)})`,
  );
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
