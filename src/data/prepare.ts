/** @file From a spec's `data` and `heads` to splits as typed arrays in the cache. */
import { join } from 'node:path';
import type { ResolvedSpec } from '../spec/schema/experiment.ts';
import { DataError } from './data-error.ts';
import { expandColumns } from './features/columns.ts';
import { fingerprintOf, hashJson } from './fingerprint.ts';
import { isIntact, writePrepared } from './prepared-files.ts';
import { encodeInputs, fitPreprocessing, type Preprocessing } from './preprocessing.ts';
import { readWeights } from './sample-weights.ts';
import type { InputArray, PreparedData, Split, TargetSignature } from './signature.ts';
import { assignSplits, type SplitRows } from './splits/assign.ts';
import type { ColumnSource } from './table/column-source.ts';
import { sourceFiles } from './table/files.ts';
import { readAhead } from './table/read-ahead.ts';
import { openTable, type Table } from './table/table.ts';
import { encodeLabels, targetSignature } from './targets/encode-labels.ts';
import { type Labels, readLabels, targetSpecOf } from './targets/labels.ts';
import { strataOf } from './targets/strata.ts';

/** Raised when prepared data of older versions would be other numbers. */
const formatVersion = 1;

export type DataRequest = Pick<ResolvedSpec, 'data' | 'heads' | 'seed'>;
export interface PreparedDirectory {
  /** Of the source's content, the query, the missing texts and the key; identities are made of it. */
  readonly fingerprint: string;
  /** Where `readPrepared` finds the splits. */
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
): Promise<PreparedDirectory> {
  const files = await sourceFiles(spec.data.source, baseDirectory);
  if ('problems' in files) throw new DataError(files.problems);
  const fingerprint = await fingerprintOf(spec.data, files.files);
  const directory = join(cacheDirectory, cacheKey(spec, fingerprint));
  if (isIntact(directory)) return { fingerprint, directory };
  const prepared = await computeSplits(spec, baseDirectory);
  writePrepared(directory, prepared);
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
  const opened = await openTable(spec.data, baseDirectory, {
    keep: (columns) =>
      neededColumns(
        spec,
        columns.map(({ name }) => name),
      ),
  });
  if (!opened.ok) throw new DataError(opened.problems);
  using table = opened.table;
  const source = readAhead(table, numberColumns(spec.data, table));
  const { data, heads, seed } = spec;
  const labels: Record<string, Labels> = {};
  for (const [name, head] of Object.entries(heads))
    labels[name] = await readLabels(targetSpecOf(head), source);
  const stratify = data.split.stratify === undefined ? undefined : labels[data.split.stratify];
  const rows = await assignSplits(data.split, seed, source, stratify ? strataOf(stratify) : null);
  const preprocessing = await fitPreprocessing(data.features, table, source, rows.train, {
    missing: data.missing,
    query: data.query ?? null,
    key: data.key,
    textColumns: table.sourceColumns
      .filter(({ type }) => type === 'VARCHAR')
      .map(({ name }) => name),
  });
  const weights =
    data.sampleWeight === undefined ? null : await readWeights(data.sampleWeight, source);
  return await assemble(spec, source, rows, labels, preprocessing, weights);
}

/** The columns that the spec names, of those that the table has. */
export function neededColumns(
  { data, heads }: Pick<DataRequest, 'data' | 'heads'>,
  table: readonly string[],
): string[] {
  const { split, features, sampleWeight } = data;
  const wanted = new Set<string | undefined>([split.group, split.time, split.column, sampleWeight]);
  for (const { target } of Object.values(heads)) for (const column of target) wanted.add(column);
  for (const group of features)
    for (const column of expandColumns(group, table).columns) wanted.add(column);
  return table.filter((name) => wanted.has(name));
}

const numberColumns = (data: DataRequest['data'], table: Table): string[] =>
  data.features
    .filter(({ type }) => type === 'number')
    .flatMap(
      (group) =>
        expandColumns(
          group,
          table.allColumns.map(({ name }) => name),
        ).columns,
    );

async function assemble(
  { heads }: DataRequest,
  source: ColumnSource,
  rows: SplitRows,
  labels: Readonly<Record<string, Labels>>,
  preprocessing: Preprocessing,
  weights: Float32Array | null,
): Promise<PreparedData> {
  const targets: Record<string, TargetSignature> = {};
  for (const [name, head] of Object.entries(heads))
    targets[name] = targetSignature(targetSpecOf(head), labels[name] as Labels, rows.train);
  const inOrder = [rows.train, rows.validation, ...(rows.test ? [rows.test] : [])];
  const { position, places } = placesOf(inOrder, source.rows);
  const inputs = await encodeInputs(preprocessing, source, position, places);
  let start = 0;
  const [train, validation, test = null] = inOrder.map((rowNumbers): Split => {
    const split: Split = {
      rows: rowNumbers.length,
      rowNumbers,
      inputs: slices(inputs, start, start + rowNumbers.length),
      labels: Object.fromEntries(
        Object.entries(targets).map(([name, target]) => [
          name,
          encodeLabels(labels[name] as Labels, target, rowNumbers),
        ]),
      ),
      weights: weights && Float32Array.from(rowNumbers, (row) => weights[row] as number),
    };
    start += rowNumbers.length;
    return split;
  });
  if (!train || !validation) throw new Error('internal: a split is missing');
  const signature = { inputs: preprocessing.inputs, targets };
  return { signature, preprocessing: { ...preprocessing }, splits: { train, validation, test } };
}

/** All splits lie in one array, one after the other. */
function placesOf(splits: readonly Int32Array[], rows: number) {
  const position = new Int32Array(rows).fill(-1);
  let places = 0;
  for (const split of splits) for (const row of split) position[row] = places++;
  return { position, places };
}

function slices(inputs: Readonly<Record<string, InputArray>>, start: number, end: number) {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { values, columns }]) => [
      name,
      { values: values.subarray(start * columns, end * columns), columns },
    ]),
  );
}
