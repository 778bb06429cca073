/** @file What is fitted before any row is encoded: the splits, the features, the targets. */
import type { ResolvedSpec } from '../spec/schema/experiment.ts';
import { expandColumns } from './features/columns.ts';
import { fitPreprocessing, type Preprocessing } from './preprocessing.ts';
import { readWeights } from './sample-weights.ts';
import type { TargetSignature } from './signature.ts';
import { assignSplits, type SplitRows } from './splits/assign.ts';
import type { ColumnSource } from './table/column-source.ts';
import type { Column } from './table/sql.ts';
import type { Table } from './table/table.ts';
import { targetSignature } from './targets/encode-labels.ts';
import { readLabels, targetSpecOf } from './targets/labels.ts';
import { strataOf } from './targets/strata.ts';

export type DataRequest = Pick<ResolvedSpec, 'data' | 'heads' | 'seed'>;

export interface FittedData {
  readonly rows: SplitRows;
  readonly preprocessing: Preprocessing;
  readonly targets: Readonly<Record<string, TargetSignature>>;
  /** [row of the table], or null for all 1. */
  readonly weights: Float32Array | null;
}

/** One column, or a few, at a time. */
export async function fitData(
  { data, heads, seed }: DataRequest,
  table: Table,
  source: ColumnSource,
): Promise<FittedData> {
  const stratified = data.split.stratify === undefined ? undefined : heads[data.split.stratify];
  const strata = stratified && strataOf(await readLabels(targetSpecOf(stratified), source));
  const rows = await assignSplits(data.split, seed, source, strata ?? null);
  const targets: Record<string, TargetSignature> = {};
  for (const [name, head] of Object.entries(heads)) {
    const spec = targetSpecOf(head);
    targets[name] = targetSignature(spec, await readLabels(spec, source), rows.train);
  }
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
  return { rows, preprocessing, targets, weights };
}

/** The columns that the spec names, of those that the table has. */
export function neededColumns(
  { data, heads }: Pick<DataRequest, 'data' | 'heads'>,
  columns: readonly Column[],
): string[] {
  const table = columns.map(({ name }) => name);
  const { split, features, sampleWeight } = data;
  const wanted = new Set<string | undefined>([split.group, split.time, split.column, sampleWeight]);
  for (const { target } of Object.values(heads)) for (const column of target) wanted.add(column);
  for (const group of features)
    for (const column of expandColumns(group, table).columns) wanted.add(column);
  return table.filter((name) => wanted.has(name));
}

export const numberColumns = (data: DataRequest['data'], table: Table): string[] => {
  const names = table.allColumns.map(({ name }) => name);
  return data.features
    .filter(({ type }) => type === 'number')
    .flatMap((group) => expandColumns(group, names).columns);
};
