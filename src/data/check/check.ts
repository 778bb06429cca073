/** @file Everything in a spec's `data` and `heads` that the table contradicts, all at once. */
import type { Problem } from '../../spec/problem.ts';
import { type DataRequest, neededColumns } from '../fit.ts';
import { keepTable } from '../table/kept-table.ts';
import { openTable } from '../table/open-table.ts';
import type { Table } from '../table/table.ts';
import { checkColumns } from './columns.ts';
import { checkFeatures } from './features.ts';
import { checkSplit } from './split.ts';
import { checkTargets } from './targets.ts';

/**
 * Paths are relative to the spec: `['data', 'features', 0, 'columns', 2]`. A table without problems
 * stays open for `prepareData`.
 */
export async function checkData(
  spec: Pick<DataRequest, 'data' | 'heads'>,
  baseDirectory: string,
): Promise<readonly Problem[]> {
  const opened = await openTable(spec.data, baseDirectory, {
    keep: (columns) => neededColumns(spec, columns),
  });
  if (!opened.ok) return opened.problems;
  const { table } = opened;
  let isKept = false;
  try {
    const problems = await checkTable(spec, table);
    isKept = problems.length === 0;
    if (isKept) keepTable(spec.data, table);
    return problems;
  } finally {
    if (!isKept) table[Symbol.dispose]();
  }
}

async function checkTable(
  spec: Pick<DataRequest, 'data' | 'heads'>,
  table: Table,
): Promise<readonly Problem[]> {
  if (table.rows === 0) return [noRows(spec.data.query !== undefined)];
  return [
    ...checkColumns(
      spec,
      table.allColumns.map(({ name }) => name),
    ),
    ...(await checkFeatures(spec.data.features, table)),
    ...(await checkTargets(spec.heads, table)),
    ...(await checkSplit(spec.data, table)),
  ];
}

const noRows = (query: boolean): Problem => ({
  path: ['data', query ? 'query' : 'source'],
  expected: 'a table with rows',
  came: 'none',
});
