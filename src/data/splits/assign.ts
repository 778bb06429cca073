/** @file Which split each row belongs to: by fractions, groups, classes, time, or a column. */
import { rng } from '../../plan/random.ts';
import type { Problem } from '../../spec/problem.ts';
import type { DataSpec } from '../../spec/schema/data.ts';
import { DataError } from '../data-error.ts';
import type { SplitName } from '../signature.ts';
import type { ColumnSource } from '../table/column-source.ts';
import { type Fractions, shareGroups, shareRows } from './sharing-out.ts';
import { splitByTime } from './time.ts';

export const splitNames: readonly SplitName[] = ['train', 'validation', 'test'];
export type SplitSpec = DataSpec['split'];

/** Rows of the table by split, in the order of the table; `test` is null where there is none. */
export interface SplitRows {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array | null;
}

/** Drawn from `seed` alone. `classes` are the codes of the head to stratify on. */
export async function assignSplits(
  split: SplitSpec,
  seed: number,
  source: ColumnSource,
  classes: Int32Array | null,
): Promise<SplitRows> {
  if (split.column !== undefined) return splitByColumn(split.column, source);
  const fractions = fractionsOf(split);
  const hasTest = fractions[2] > 0;
  if (split.time !== undefined)
    return rowsBySplit(await splitByTime(split.time, fractions, source), hasTest);
  const labels = classes ?? new Int32Array(source.rows);
  const random = rng(seed, 'split');
  if (split.group === undefined) return rowsBySplit(shareRows(labels, fractions, random), hasTest);
  const groups = await groupsOf(split.group, source);
  return rowsBySplit(shareGroups(groups, labels, fractions, random), hasTest);
}

/** What is not written takes what is left; nothing written at all is 70, 15 and 15 %. */
export function fractionsOf({ train, validation, test }: SplitSpec): Fractions {
  if (train === undefined && validation === undefined && test === undefined)
    return [0.7, 0.15, 0.15];
  const rest = (...others: (number | undefined)[]) =>
    Math.max(0, 1 - others.reduce<number>((sum, other) => sum + (other ?? 0), 0));
  const given: Fractions = [
    train ?? rest(validation ?? 0, test),
    validation ?? (train === undefined ? 0 : rest(train, test)),
    test ?? 0,
  ];
  const sum = given[0] + given[1] + given[2];
  return [given[0] / sum, given[1] / sum, given[2] / sum];
}

/** Rows without a group stand for themselves. */
async function groupsOf(column: string, source: ColumnSource): Promise<Int32Array> {
  const codes = await source.codes(column);
  let next = 0;
  for (const code of codes) if (code >= next) next = code + 1;
  return codes.map((code) => (code < 0 ? next++ : code));
}

/** Words of other cases count: `Train` is `train`. */
async function splitByColumn(column: string, source: ColumnSource): Promise<SplitRows> {
  const coded = await source.texts(column);
  const unknown = coded.values.filter((value) => splitOf(value) < 0);
  const problem = splitColumnProblem(unknown, coded.codes.filter((code) => code < 0).length);
  if (problem) throw new DataError([problem]);
  const places = coded.values.map(splitOf);
  const split = Uint8Array.from(coded.codes, (code) => places[code] as number);
  return rowsBySplit(split, split.includes(2));
}

const splitOf = (value: string) => splitNames.map(String).indexOf(value.toLowerCase());

/** The problem of a split column that holds other values, or none in some rows. */
export function splitColumnProblem(
  values: readonly string[],
  missing: number,
): Problem | undefined {
  const others = values.filter((value) => splitOf(value) < 0);
  const parts = [
    ...others.slice(0, 5).map((value) => `"${value}"`),
    ...(others.length > 5 ? [`${others.length - 5} more`] : []),
    ...(missing > 0 ? [`no value in ${missing} rows`] : []),
  ];
  if (parts.length === 0) return undefined;
  return {
    path: ['data', 'split', 'column'],
    expected: 'a column that holds train, validation or test in every row',
    came: parts.join(', '),
  };
}

function rowsBySplit(split: Uint8Array, hasTest: boolean): SplitRows {
  const rowsOf = (wanted: number) => {
    const rows = new Int32Array(split.length);
    let count = 0;
    for (let row = 0; row < split.length; row++) if (split[row] === wanted) rows[count++] = row;
    return rows.slice(0, count);
  };
  const rows: SplitRows = {
    train: rowsOf(0),
    validation: rowsOf(1),
    test: hasTest ? rowsOf(2) : null,
  };
  const empty = splitNames.filter((name) => rows[name]?.length === 0);
  if (empty.length > 0) throw new DataError(empty.map((name) => emptySplit(name, split.length)));
  return rows;
}

const emptySplit = (name: SplitName, rows: number): Problem => ({
  path: ['data', 'split'],
  expected: `rows in the ${name} split`,
  came: `none of ${rows} rows`,
});
