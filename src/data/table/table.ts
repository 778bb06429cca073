/** @file A table in DuckDB: the rows of the source or of the query, in an order that never changes. */
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Problem } from '../../spec/problem.ts';
import type { DataSpec } from '../../spec/schema/data.ts';
import type { CodedColumn, ColumnSource } from './column-source.ts';
import { duckdbMessage, firstLines } from './duckdb-message.ts';
import { findFiles, type SourceFiles } from './files.ts';
import { type CheckedQuery, checkQuery, inStableOrder } from './query.ts';
import { columnsOf, createSourceView, literalGlob } from './source-view.ts';
import { asNumber, asText, asTime, type Column, isNumeric, quoteName, quoteTexts } from './sql.ts';

export type TableSpec = Pick<DataSpec, 'source' | 'query' | 'key' | 'missing'>;
export interface OpenOptions {
  /** Source columns to read as text, as they were when the preprocessing was fitted. */
  readonly textColumns?: readonly string[];
  /** A file that may be written, besides those of the source that may be read. */
  readonly writable?: string;
  /** The columns that will be asked for; default: all. Fewer are faster. */
  readonly keep?: (columns: readonly Column[]) => readonly string[];
}
export type OpenedTable =
  | { readonly ok: true; readonly table: Table }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const memoryLimit = '2GB';

/** Reads the source into memory. The table is the caller's to dispose of. */
export async function openTable(
  spec: TableSpec,
  baseDirectory: string,
  options: OpenOptions = {},
): Promise<OpenedTable> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    // What does not fit goes to the disk; DuckDB removes the folder when it is closed.
    memory_limit: memoryLimit,
    temp_directory: join(tmpdir(), `multitask-experiment-runner-${process.pid}-${randomUUID()}`),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  try {
    await connection.run("SET TimeZone = 'UTC'");
    const found = await findFiles(connection, spec.source, baseDirectory);
    const opened =
      'problems' in found
        ? failed(found.problems)
        : await load(connection, spec, found, options, close);
    if (!opened.ok) close();
    return opened;
  } catch (error) {
    close();
    throw error;
  }
}

const failed = (problems: readonly Problem[]) => ({ ok: false, problems }) as const;

async function load(
  connection: DuckDBConnection,
  spec: TableSpec,
  source: SourceFiles,
  options: OpenOptions,
  close: () => void,
): Promise<OpenedTable> {
  const allowed = [
    ...source.files,
    ...source.files.map(literalGlob),
    ...(options.writable ? [options.writable] : []),
  ];
  await connection.run(`SET allowed_paths = ${quoteTexts(allowed)}`);
  await connection.run('SET enable_external_access = false');
  const query = spec.query === undefined ? undefined : await checkQuery(connection, spec.query);
  if (query && 'problems' in query) return failed(query.problems);
  const first = await attempt(connection, spec, source, query, options, false);
  // A cast failed further down than the sample went ("Steady" in a column of "No"): look at all rows.
  const isRetried = 'problem' in first && first.unreadable && source.format !== 'parquet';
  const second = isRetried ? await attempt(connection, spec, source, query, options, true) : first;
  if ('problem' in first && 'problem' in second) return failed([first.problem]);
  const result = 'problem' in first ? second : first;
  if ('problem' in result) return failed([result.problem]);
  return { ok: true, table: await Table.create(connection, source.files, result, close) };
}

interface Loaded {
  readonly allColumns: readonly Column[];
  readonly sourceColumns: readonly Column[];
}
interface NotLoaded {
  readonly problem: Problem;
  /** The files were at fault, not the query. */
  readonly unreadable: boolean;
}

async function attempt(
  connection: DuckDBConnection,
  spec: TableSpec,
  source: SourceFiles,
  query: CheckedQuery | undefined,
  options: OpenOptions,
  allRows: boolean,
): Promise<Loaded | NotLoaded> {
  const { missing } = spec;
  let inQuery = false;
  try {
    const textColumns = options.textColumns ?? [];
    const sourceColumns = await createSourceView(connection, source, {
      missing,
      textColumns,
      allRows,
    });
    inQuery = query !== undefined;
    const allColumns = query ? await columnsOf(connection, query.sql) : sourceColumns;
    const repeated = keyProblem(spec.key, allColumns);
    if (repeated) return { problem: repeated, unreadable: false };
    const kept = options.keep?.(allColumns) ?? allColumns.map(({ name }) => name);
    const list = kept.length > 0 ? kept.map(quoteName).join(', ') : 'NULL AS nothing';
    const ordered = query
      ? `(${await inStableOrder(connection, query, allColumns, spec.key)}\n)`
      : 'source';
    await connection.run(`SET threads = ${query?.samples ? 1 : 2}`);
    await connection.run(`CREATE OR REPLACE TABLE rows AS SELECT ${list} FROM ${ordered}`);
    return { allColumns, sourceColumns };
  } catch (error) {
    const message = duckdbMessage(error);
    if (message === undefined) throw error;
    return notLoaded(message, inQuery);
  }
}

function keyProblem(key: readonly string[], columns: readonly Column[]): Problem | undefined {
  const names = new Set(columns.map(({ name }) => name));
  const index = key.findIndex((name) => !names.has(name));
  if (index < 0) return undefined;
  return {
    path: ['data', 'key', index],
    expected: 'a column of the query',
    came: `"${key[index]}"`,
    hint: `Columns: ${[...names].join(', ')}`,
  };
}

function notLoaded(message: string, inQuery: boolean): NotLoaded {
  const unreadable = !inQuery || /CSV Error|Malformed JSON|JSON transform error/i.test(message);
  const path = ['data', unreadable ? 'source' : 'query'];
  const hint = /file system operations are disabled|Table with name/.test(message)
    ? 'A query reads the table `source` only; list more files under `source`.'
    : undefined;
  const expected = unreadable ? 'a file that DuckDB can read' : 'a query that DuckDB can run';
  return {
    problem: { path, expected, came: firstLines(message, unreadable ? undefined : 1), hint },
    unreadable,
  };
}

/** Owns a database in memory. */
export class Table implements ColumnSource {
  readonly rows: number;
  /** The columns that were kept. */
  readonly columns: readonly Column[];
  /** All columns of the source or the query, and those of the source alone. */
  readonly allColumns: readonly Column[];
  readonly sourceColumns: readonly Column[];
  readonly files: readonly string[];
  readonly connection: DuckDBConnection;
  readonly #close: () => void;
  #types = 0;

  private constructor(
    connection: DuckDBConnection,
    files: readonly string[],
    parts: Loaded & { readonly columns: readonly Column[]; readonly rows: number },
    close: () => void,
  ) {
    this.connection = connection;
    this.files = files;
    this.rows = parts.rows;
    this.columns = parts.columns;
    this.allColumns = parts.allColumns;
    this.sourceColumns = parts.sourceColumns;
    this.#close = close;
  }

  static async create(
    connection: DuckDBConnection,
    files: readonly string[],
    loaded: Loaded,
    close: () => void,
  ): Promise<Table> {
    const columns = await columnsOf(connection, 'FROM rows');
    const counted = await connection.runAndReadAll('SELECT count(*)::INTEGER FROM rows');
    const rows = Number(counted.getRowsJson()[0]?.[0]);
    return new Table(connection, files, { ...loaded, columns, rows }, close);
  }

  has(column: string): boolean {
    return this.columns.some(({ name }) => name === column);
  }

  /** The column holds numbers, so that its values have no text of their own: `7`, not `007`. */
  isNumeric(column: string): boolean {
    return isNumeric(this.column(column).type);
  }

  column(wanted: string): Column {
    const column = this.columns.find(({ name }) => name === wanted);
    if (!column) throw new Error(`internal: column "${wanted}" was not kept`);
    return column;
  }

  numbers(columns: readonly string[]): Promise<readonly Float64Array[]> {
    return this.#read(columns.map((name) => asNumber(this.column(name))));
  }

  times(columns: readonly string[]): Promise<readonly Float64Array[]> {
    return this.#read(columns.map((name) => asTime(this.column(name))));
  }

  async texts(name: string, numeric = false): Promise<CodedColumn> {
    const text = asText(this.column(name), numeric);
    // An ENUM is DuckDB's own dictionary: the codes come as numbers, not as one string a cell.
    const type = `texts_${this.#types++}`;
    await this.connection.run(
      `CREATE TYPE ${type} AS ENUM (SELECT DISTINCT ${text} AS value FROM rows
        WHERE value IS NOT NULL ORDER BY value)`,
    );
    const values = await this.query(`SELECT unnest(enum_range(NULL::${type}))::VARCHAR`);
    const [codes] = await this.#read([`enum_code((${text})::${type})`], -1);
    await this.connection.run(`DROP TYPE ${type}`);
    return { codes: Int32Array.from(codes ?? []), values: values.map(([value]) => String(value)) };
  }

  async query(sql: string): Promise<unknown[][]> {
    return (await this.connection.runAndReadAll(sql)).getRowsJson();
  }

  /** Expressions over the rows as DOUBLEs, read by chunks of typed arrays. */
  async #read(expressions: readonly string[], missing: number = Number.NaN) {
    const columns = expressions.map(() => new Float64Array(this.rows));
    if (expressions.length === 0) return columns;
    const list = expressions.map((value) => `coalesce((${value})::DOUBLE, '${missing}'::DOUBLE)`);
    const result = await this.connection.stream(`SELECT ${list.join(', ')} FROM rows`);
    let row = 0;
    for (
      let chunk = await result.fetchChunk();
      chunk?.rowCount;
      chunk = await result.fetchChunk()
    ) {
      for (const [index, column] of columns.entries()) {
        const vector = chunk.getColumnVector(index);
        // The typed array behind a vector of DOUBLEs; asking it for one item at a time is ten times slower.
        if (!('items' in vector && vector.items instanceof Float64Array))
          throw new Error('internal: DuckDB gave no vector of DOUBLEs');
        column.set(vector.items, row);
      }
      row += chunk.rowCount;
    }
    return columns;
  }

  [Symbol.dispose](): void {
    this.#close();
  }
}
