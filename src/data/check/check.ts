/** @file Everything in a spec's `data` and `heads` that the table contradicts, all at once. */
import type { Problem } from '../../spec/problem.ts';
import { type DataRequest, neededColumns } from '../prepare.ts';
import { openTable } from '../table/table.ts';
import { checkColumns } from './columns.ts';
import { checkFeatures } from './features.ts';
import { checkSplit } from './split.ts';
import { checkTargets } from './targets.ts';

/** Paths are relative to the spec: `['data', 'features', 0, 'columns', 2]`. */
export async function checkData(
  spec: Pick<DataRequest, 'data' | 'heads'>,
  baseDirectory: string,
): Promise<readonly Problem[]> {
  const opened = await openTable(spec.data, baseDirectory, {
    keep: (columns) =>
      neededColumns(
        spec,
        columns.map(({ name }) => name),
      ),
  });
  if (!opened.ok) return opened.problems;
  using table = opened.table;
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
