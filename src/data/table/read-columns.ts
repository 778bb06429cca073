/** @file Expressions over the rows of a table as typed arrays: all rows at once, or by windows. */
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';

/** An expression in SQL, and the value that stands for NULL. */
export type Expression =
  | { readonly sql: string; readonly type: 'DOUBLE' }
  | { readonly sql: string; readonly type: 'INTEGER'; readonly missing: number };
export type ColumnArray = Float64Array | Int32Array;

/** The first `rows` values of every array; they are overwritten when the next window is asked for. */
export interface ColumnWindow {
  readonly rows: number;
  readonly arrays: readonly ColumnArray[];
}

/** `rows` is their number, in all. */
export async function readColumns(
  connection: DuckDBConnection,
  expressions: readonly Expression[],
  rows: number,
): Promise<readonly ColumnArray[]> {
  let read: readonly ColumnArray[] | undefined;
  for await (const { arrays } of readWindows(connection, expressions, rows)) read = arrays;
  return read ?? expressions.map((expression) => emptyArray(expression, 0));
}

/** Windows of `size` rows, in the order of the table; the last one may be smaller. */
export async function* readWindows(
  connection: DuckDBConnection,
  expressions: readonly Expression[],
  size: number,
): AsyncGenerator<ColumnWindow> {
  if (expressions.length === 0 || size === 0) return;
  const arrays = expressions.map((expression) => emptyArray(expression, size));
  let filled = 0;
  for await (const { rows, vectors } of chunks(connection, expressions)) {
    for (let from = 0; from < rows; ) {
      const count = Math.min(rows - from, size - filled);
      for (const [index, array] of arrays.entries())
        array.set(vectors[index]?.subarray(from, from + count) ?? [], filled);
      from += count;
      filled += count;
      if (filled < size) continue;
      yield { rows: filled, arrays };
      filled = 0;
    }
  }
  if (filled > 0) yield { rows: filled, arrays };
}

/** DuckDB's chunks of about 2,000 rows. The next one is fetched while one is worked on. */
async function* chunks(connection: DuckDBConnection, expressions: readonly Expression[]) {
  const result = await connection.stream(`SELECT ${expressions.map(toSql).join(', ')} FROM rows`);
  let next = result.fetchChunk();
  try {
    for (let chunk = await next; chunk?.rowCount; chunk = await next) {
      next = result.fetchChunk();
      yield { rows: chunk.rowCount, vectors: vectorsOf(chunk, expressions.length) };
    }
  } finally {
    // Who stops early may close the connection at once: not while DuckDB still works for it.
    await Promise.allSettled([next]);
  }
}

function vectorsOf(chunk: DuckDBDataChunk, count: number): readonly ColumnArray[] {
  return Array.from({ length: count }, (_, index) => {
    const vector = chunk.getColumnVector(index);
    // The typed array behind a vector; asking it for one item at a time is ten times slower.
    if (!('items' in vector && isColumnArray(vector.items)))
      throw new Error('internal: DuckDB gave no vector of numbers');
    return vector.items;
  });
}

const isColumnArray = (items: unknown): items is ColumnArray =>
  items instanceof Float64Array || items instanceof Int32Array;

const emptyArray = ({ type }: Expression, rows: number): ColumnArray =>
  type === 'DOUBLE' ? new Float64Array(rows) : new Int32Array(rows);

const toSql = (expression: Expression): string =>
  expression.type === 'DOUBLE'
    ? `coalesce((${expression.sql})::DOUBLE, 'NaN'::DOUBLE)`
    : `coalesce((${expression.sql})::INTEGER, ${expression.missing})`;
