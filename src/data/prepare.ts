/** @file From a spec's `data` and `heads` to splits as typed arrays in the cache. */
import { join } from 'node:path';
import { DataError } from './data-error.ts';
import { type Pieces, type RowEncoder, rowEncoder } from './encode-rows.ts';
import { fingerprintOf, hashJson } from './fingerprint.ts';
import { type DataRequest, type FittedData, fitData, neededColumns, numberColumns } from './fit.ts';
import { bytesOfRow, type MemoryShares, sharesOf } from './memory.ts';
import { isIntact } from './prepared/intact.ts';
import { PreparedWriter } from './prepared/write.ts';
import type { DataSignature, PreparedData } from './signature.ts';
import { splitNames } from './splits/assign.ts';
import type { ColumnReads, ColumnSource } from './table/column-source.ts';
import { sourceFiles } from './table/files.ts';
import { dropTable, takeTable } from './table/kept-table.ts';
import { openTable } from './table/open-table.ts';
import { readAhead } from './table/read-ahead.ts';
import { readsOf } from './table/record-reads.ts';
import type { Table } from './table/table.ts';
import { targetSpecOf } from './targets/labels.ts';

/** Raised when prepared data of older versions would be other numbers. */
const formatVersion = 2;

export interface PreparedDirectory {
  /** Of the source's content, the query, the missing texts and the key; identities are made of it. */
  readonly fingerprint: string;
  /** Where `openPrepared` finds the splits. */
  readonly directory: string;
}

/**
 * Prepares the splits, or finds them in the cache. Throws a `DataError` where `checkData` would
 * have had problems to report.
 */
export async function prepareData(
  spec: DataRequest,
  baseDirectory: string,
  cacheDirectory: string,
  shares: MemoryShares = sharesOf(spec.data.memory),
): Promise<PreparedDirectory> {
  const files = await sourceFiles(spec.data.source, baseDirectory);
  if ('problems' in files) throw new DataError(files.problems);
  const fingerprint = await fingerprintOf(spec.data, files.files);
  const directory = join(cacheDirectory, cacheKey(spec, fingerprint));
  if (isIntact(directory)) {
    dropTable();
    return { fingerprint, directory };
  }
  using table =
    takeTable(spec.data, files.files, (kept) => neededColumns(spec, kept.allColumns)) ??
    (await openNeeded(spec, baseDirectory, shares));
  const { fitted, pieces } = await startEncoding(spec, table, shares);
  using writer = new PreparedWriter(directory);
  for await (const each of pieces)
    for (const name of splitNames) {
      const piece = each[name];
      if (piece) writer.append(name, piece);
    }
  writer.finish(describe(fitted));
  return { fingerprint, directory };
}

function cacheKey({ data, heads, seed }: DataRequest, fingerprint: string): string {
  const { split, features, sampleWeight } = data;
  const targets = Object.entries(heads).map(([name, head]) => [name, targetSpecOf(head)]);
  const content = { formatVersion, fingerprint, split, features, sampleWeight, targets, seed };
  return hashJson(content).slice(0, 32);
}

/** The same, without files: everything in memory. */
export async function computeSplits(
  spec: DataRequest,
  baseDirectory: string,
): Promise<PreparedData> {
  const everything = Number.POSITIVE_INFINITY;
  const shares = { ...sharesOf(spec.data.memory), columns: everything };
  using table = await openNeeded(spec, baseDirectory, shares);
  const { fitted, pieces } = await startEncoding(spec, table, shares);
  for await (const { train, validation, test = null } of pieces) {
    if (!train || !validation) break;
    return { ...describe(fitted), splits: { train, validation, test } };
  }
  throw new Error('internal: a split is missing');
}

async function openNeeded(
  spec: DataRequest,
  baseDirectory: string,
  { table: bytes }: MemoryShares,
): Promise<Table> {
  const opened = await openTable(spec.data, baseDirectory, {
    bytes,
    keep: (columns) => neededColumns(spec, columns),
  });
  if (!opened.ok) throw new DataError(opened.problems);
  return opened.table;
}

const describe = ({ preprocessing, targets }: FittedData) => {
  const signature: DataSignature = { inputs: preprocessing.inputs, targets };
  return { signature, preprocessing: { ...preprocessing } };
};

/** Fits, and tells whether the rows are then encoded all at once or by windows. */
async function startEncoding(spec: DataRequest, table: Table, shares: MemoryShares) {
  const ahead = readAhead(table, numberColumns(spec.data, table), shares.columns);
  const fitted = await fitData(spec, table, ahead);
  const reads = await readsOf(rowEncoder(spec, fitted));
  const labels = Object.values(fitted.targets).map(({ columns }) => columns + 2);
  const more = labels.reduce((sum, columns) => sum + columns, 2);
  const rowBytes = bytesOfRow(reads, fitted.preprocessing.inputs, more);
  const encode = rowEncoder(spec, fitted);
  const pieces =
    table.rows * rowBytes <= shares.columns
      ? allAtOnce(encode, ahead)
      : byWindows(encode, table, reads, Math.max(1, Math.floor(shares.window / rowBytes)));
  return { fitted, pieces };
}

async function* allAtOnce(encode: RowEncoder, source: ColumnSource): AsyncGenerator<Pieces> {
  yield await encode(source);
}

async function* byWindows(
  encode: RowEncoder,
  table: Table,
  reads: ColumnReads,
  rows: number,
): AsyncGenerator<Pieces> {
  for await (const window of table.windows(reads, rows)) yield await encode(window);
}
