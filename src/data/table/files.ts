/** @file Which files a `source` means, and in which format each of them is. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Problem } from '../../spec/problem.ts';
import { nearNames } from './nearest.ts';
import { quoteText } from './sql.ts';

export type FileFormat = 'csv' | 'json' | 'parquet';
export interface SourceFiles {
  readonly format: FileFormat;
  /** Absolute paths: as listed, and the files of a glob by name. */
  readonly files: readonly string[];
}

type Glob = (path: string) => Promise<readonly string[]>;

/** Finds the files, or says which entries of the list are wrong. */
export async function findFiles(
  glob: Glob,
  source: readonly string[],
  baseDirectory: string,
): Promise<SourceFiles | { readonly problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  const files: string[] = [];
  for (const [index, pattern] of source.entries()) {
    const path = ['data', 'source', index];
    if (/^[a-z][a-z0-9+.-]+:\/\//i.test(pattern)) {
      problems.push(remoteSource(path, pattern));
      continue;
    }
    const found = await matchingFiles(glob, resolve(baseDirectory, pattern));
    if (found.length === 0) problems.push(noSuchFile(path, pattern, baseDirectory));
    files.push(...found);
  }
  const formats = new Set(files.map(formatOf));
  for (const [index, file] of files.entries())
    if (formatOf(file) === undefined)
      problems.push(unknownFormat(['data', 'source', Math.min(index, source.length - 1)], file));
  const [format] = formats;
  if (problems.length === 0 && formats.size > 1) problems.push(mixedFormats(files));
  return problems.length > 0 || format === undefined ? { problems } : { format, files };
}

/** The same, with a connection of its own if there is a glob. */
export const sourceFiles = (source: readonly string[], baseDirectory: string) =>
  findFiles(
    async (path) => {
      const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
      const connection = await instance.connect();
      try {
        return await globFiles(connection, path);
      } finally {
        connection.closeSync();
        instance.closeSync();
      }
    },
    source,
    baseDirectory,
  );

async function matchingFiles(glob: Glob, path: string): Promise<readonly string[]> {
  if (existsSync(path)) return statSync(path).isFile() ? [path] : [];
  return /[*?[]/.test(path) ? glob(path) : [];
}

/** The files that a glob matches, by name. */
export async function globFiles(
  connection: DuckDBConnection,
  path: string,
): Promise<readonly string[]> {
  const found = await connection.runAndReadAll(
    `SELECT file FROM glob(${quoteText(path)}) ORDER BY file`,
  );
  return found.getRowsJson().map(([file]) => String(file));
}

/** The format by the name's ending, compressed (`.gz`, `.zst`) or not. */
export function formatOf(file: string): FileFormat | undefined {
  const ending = /\.([a-z]+)(\.(gz|zst))?$/i.exec(basename(file))?.[1]?.toLowerCase() ?? '';
  if (['csv', 'tsv', 'txt', 'tab', 'data'].includes(ending)) return 'csv';
  if (['jsonl', 'ndjson', 'json'].includes(ending)) return 'json';
  if (['parquet', 'pq'].includes(ending)) return 'parquet';
  return undefined;
}

/** Where a file is written until it is whole. */
export const partOf = (file: string) => `${resolve(file)}.${process.pid}.part`;

function noSuchFile(path: Problem['path'], pattern: string, baseDirectory: string): Problem {
  const wanted = resolve(baseDirectory, pattern);
  const folder = dirname(wanted);
  if (existsSync(wanted))
    return {
      path,
      expected: 'a file',
      came: `the folder "${pattern}"`,
      hint: `Its files: "${pattern}/*.csv".`,
    };
  if (!existsSync(folder) && !/[*?[]/.test(folder))
    return {
      path,
      expected: 'a file',
      came: `"${pattern}"`,
      hint: `There is no folder ${folder}.`,
    };
  const near = existsSync(folder) ? nearNames(basename(wanted), readdirSync(folder)) : [];
  const names = near.map((name) => `"${name}"`).join(', ');
  const hints = [
    names && `Did you mean ${names}?`,
    // Nothing to tell of a path from the root, such as `predict` gives.
    isAbsolute(pattern) ? '' : `Looked for ${wanted}; a path is relative to the spec's file.`,
  ].filter(Boolean);
  const problem = { path, expected: 'a file', came: `"${pattern}"` };
  return hints.length > 0 ? { ...problem, hint: hints.join(' ') } : problem;
}

const remoteSource = (path: Problem['path'], pattern: string): Problem => ({
  path,
  expected: 'a file on this machine',
  came: `"${pattern.replace(/\/\/[^/@]*@/, '//')}"`,
  hint: 'Nothing is fetched from a network. Download the file first.',
});
const unknownFormat = (path: Problem['path'], file: string): Problem => ({
  path,
  expected: 'a file that ends in .csv, .tsv, .jsonl, .json or .parquet (also with .gz or .zst)',
  came: `"${basename(file)}"`,
});
const mixedFormats = (files: readonly string[]): Problem => ({
  path: ['data', 'source'],
  expected: 'files of one format',
  came: [...new Set(files.map(formatOf))].join(' and '),
});
