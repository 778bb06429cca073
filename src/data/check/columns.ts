/** @file Columns that do not exist, and targets that are features at the same time. */
import type { Path, Problem } from '../../spec/problem.ts';
import { expandColumns } from '../features/columns.ts';
import type { DataRequest } from '../fit.ts';
import { suggest } from '../table/nearest.ts';

export function checkColumns(
  { data, heads }: Pick<DataRequest, 'data' | 'heads'>,
  table: readonly string[],
): Problem[] {
  const named: { readonly path: Path; readonly name: string | undefined }[] = [
    ...Object.entries(heads).flatMap(([head, { target }]) =>
      target.map((name, index) => ({ path: ['heads', head, 'target', index], name })),
    ),
    { path: ['data', 'sampleWeight'], name: data.sampleWeight },
    ...(['group', 'time', 'column'] as const).map((key) => ({
      path: ['data', 'split', key],
      name: data.split[key],
    })),
  ];
  const known = new Set(table);
  return [
    ...data.features.flatMap((group, index) => unmatched(group, index, table)),
    ...targetsAmongFeatures({ data, heads }, table),
    ...named.flatMap(({ path, name }) =>
      name === undefined || known.has(name) ? [] : [unknownColumn(path, name, table)],
    ),
    ...unknownStratum({ data, heads }),
  ];
}

const unknownColumn = (path: Path, name: string, table: readonly string[]): Problem => ({
  path,
  expected: 'a column of the table',
  came: `"${name}"`,
  hint: suggest(name, table, 'Columns'),
});

type Group = DataRequest['data']['features'][number];

function unmatched(group: Group, index: number, table: readonly string[]): Problem[] {
  const path = (key: string, place: number) => ['data', 'features', index, key, place];
  const excluded = { columns: group.exclude, exclude: [] };
  return [
    ...expandColumns(group, table).unmatched.map((place) =>
      unknownColumn(path('columns', place), group.columns[place] ?? '', table),
    ),
    ...expandColumns(excluded, table).unmatched.map((place) =>
      unknownColumn(path('exclude', place), group.exclude[place] ?? '', table),
    ),
  ];
}

/** A model that sees the answer learns nothing else; a glob brings it in unnoticed. */
function targetsAmongFeatures(
  { data, heads }: Pick<DataRequest, 'data' | 'heads'>,
  table: readonly string[],
): Problem[] {
  const headOf = new Map(
    Object.entries(heads).flatMap(([head, { target }]) => target.map((name) => [name, head])),
  );
  return data.features.flatMap((group, index) =>
    group.columns.flatMap((pattern, place) =>
      expandColumns({ columns: [pattern], exclude: group.exclude }, table)
        .columns.filter((column) => headOf.has(column))
        .map((column) => ({
          path: ['data', 'features', index, 'columns', place],
          expected: 'features without the targets',
          came: `"${column}", the target of head "${headOf.get(column)}"`,
          hint:
            column === pattern
              ? 'Take it out of the features.'
              : `"${pattern}" matches it; add \`exclude: ['${column}']\`.`,
        })),
    ),
  );
}

function unknownStratum({ data, heads }: Pick<DataRequest, 'data' | 'heads'>): Problem[] {
  const { stratify } = data.split;
  if (stratify === undefined || heads[stratify]) return [];
  const hint = suggest(stratify, Object.keys(heads), 'Heads');
  return [{ path: ['data', 'split', 'stratify'], expected: 'a head', came: `"${stratify}"`, hint }];
}
