/** @file Opening a table: the files as a view, the rows that are kept of them as a table, problems as answers. */
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Problem } from '../../spec/problem.ts';
import type { DataSpec } from '../../spec/schema/data.ts';
import { sharesOf } from '../memory.ts';
import { duckdbMessage, firstLines } from './duckdb-message.ts';
import { findFiles, globFiles, partOf, type SourceFiles } from './files.ts';
import { stampOf } from './kept-table.ts';
import { type CheckedQuery, checkQuery, inStableOrder } from './query.ts';
import { createSourceView } from './source-view.ts';
import { type Column, columnsOf, literalGlob, quoteName, quoteTexts } from './sql.ts';
import { type Database, type LoadedRows, Table } from './table.ts';

export type TableSpec = Pick<DataSpec, 'source' | 'query' | 'key' | 'missing' | 'memory'>;
export interface OpenOptions {
  /** Source columns to read as text, as they were when the preprocessing was fitted. */
  readonly textColumns?: readonly string[];
  /** A file that `writeTable` may write, besides those of the source that may be read. */
  readonly writable?: string;
  /** The columns that will be asked for; default: all. Fewer are faster. */
  readonly keep?: (columns: readonly Column[]) => readonly string[];
  /** Bytes for DuckDB; default: its share of the spec's `memory`. */
  readonly bytes?: number;
}
export type OpenedTable =
  | { readonly ok: true; readonly table: Table }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads the source. The table is the caller's to dispose of. */
export async function openTable(
  spec: TableSpec,
  baseDirectory: string,
  options: OpenOptions = {},
): Promise<OpenedTable> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    // What does not fit goes to the disk; DuckDB removes the folder when it is closed.
    memory_limit: `${Math.floor(bytesFor(spec, options) / 1e6)}MB`,
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
    const glob = (path: string) => globFiles(connection, path);
    const found = await findFiles(glob, spec.source, baseDirectory);
    const opened =
      'problems' in found
        ? failed(found.problems)
        : await load(spec, found, options, {
            connection,
            connect: () => instance.connect(),
            close,
          });
    if (!opened.ok) close();
    return opened;
  } catch (error) {
    close();
    throw error;
  }
}

const bytesFor = (spec: TableSpec, { bytes }: OpenOptions) => bytes ?? sharesOf(spec.memory).table;

const failed = (problems: readonly Problem[]) => ({ ok: false, problems }) as const;

async function load(
  spec: TableSpec,
  source: SourceFiles,
  options: OpenOptions,
  database: Database,
): Promise<OpenedTable> {
  const { connection } = database;
  const stamp = stampOf(source.files);
  const allowed = [
    ...source.files,
    ...source.files.map(literalGlob),
    ...(options.writable ? [partOf(options.writable)] : []),
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
  const { files } = source;
  return { ok: true, table: await Table.create(database, { files, stamp }, result) };
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
): Promise<LoadedRows | NotLoaded> {
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
    const isView = !query && (await staysInFile(connection, spec, source, options, kept.length));
    const what = isView ? 'VIEW' : 'TABLE';
    await connection.run(`CREATE OR REPLACE ${what} rows AS SELECT ${list} FROM ${ordered}`);
    return { allColumns, sourceColumns };
  } catch (error) {
    const message = duckdbMessage(error);
    if (message === undefined) throw error;
    return notLoaded(message, inQuery);
  }
}

/**
 * Whether a Parquet file is read anew for every question instead of being copied: its columns are
 * as quick to read as DuckDB's own temporary files. 10 million rows of 50 numbers: 0 s, not 18 s.
 */
async function staysInFile(
  connection: DuckDBConnection,
  spec: TableSpec,
  source: SourceFiles,
  options: OpenOptions,
  columns: number,
): Promise<boolean> {
  // Of rows that stayed there, the row groups of what is written were cut otherwise.
  if (source.format !== 'parquet' || options.writable !== undefined) return false;
  const counted = await connection.runAndReadAll('SELECT count(*) FROM source');
  const bytes = Number(counted.getRowsJson()[0]?.[0]) * columns * 8;
  return bytes > bytesFor(spec, options) / 2;
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

const outOfMemory: Problem = {
  path: ['data', 'memory'],
  expected: 'enough memory to read the table',
  came: 'not enough, even with temporary files',
  hint: 'Raise `data.memory`: half of it is for reading.',
};

/** What is wrong where rows of an open table were read; undefined for an error that is not DuckDB's. */
export function readingProblem(error: unknown): Problem | undefined {
  const message = duckdbMessage(error);
  return message === undefined ? undefined : notLoaded(message, false).problem;
}

function notLoaded(message: string, inQuery: boolean): NotLoaded {
  if (message.startsWith('Out of Memory')) return { problem: outOfMemory, unreadable: false };
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
