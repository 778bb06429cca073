/** @file Splits and sample weights that the table cannot give. */
import type { Problem } from '../../spec/problem.ts';
import type { DataSpec } from '../../spec/schema/data.ts';
import { DataError } from '../data-error.ts';
import { readWeights } from '../sample-weights.ts';
import { splitColumnProblem, splitNames } from '../splits/assign.ts';
import { readTimes } from '../splits/time.ts';
import { asText } from '../table/sql.ts';
import type { Table } from '../table/table.ts';

export async function checkSplit(
  { split, sampleWeight }: DataSpec,
  table: Table,
): Promise<Problem[]> {
  const problems = combinations(split);
  if (split.column !== undefined && table.has(split.column))
    problems.push(...(await checkSplitColumn(split.column, table)));
  const { time } = split;
  if (time !== undefined && table.has(time))
    problems.push(...(await problemsOf(() => readTimes(time, table))));
  if (sampleWeight !== undefined && table.has(sampleWeight))
    problems.push(...(await problemsOf(() => readWeights(sampleWeight, table))));
  return problems;
}

/** What cannot be asked for at once. */
function combinations(split: DataSpec['split']): Problem[] {
  const given = Object.entries(split).filter(([, value]) => value !== undefined);
  const clash = (key: string, others: readonly string[]): Problem[] =>
    given
      .filter(([name]) => split[key as keyof typeof split] !== undefined && others.includes(name))
      .map(([name]) => ({
        path: ['data', 'split', name],
        expected: `a split by ${key} alone`,
        came: `\`${name}\` as well`,
        atKey: true,
      }));
  return [
    ...clash('column', ['train', 'validation', 'test', 'group', 'stratify', 'time']),
    ...(split.column === undefined ? clash('time', ['group', 'stratify']) : []),
  ];
}

async function checkSplitColumn(column: string, table: Table): Promise<Problem[]> {
  const values = await table.values(column);
  const [[missing] = []] = await table.query(
    `SELECT count(*) - count(${asText(table.column(column))}) FROM rows`,
  );
  const problem = splitColumnProblem(values, Number(missing));
  const present = new Set(values.map((value) => value.toLowerCase()));
  const absent = splitNames.slice(0, 2).filter((name) => !present.has(name));
  return [
    ...(problem ? [problem] : []),
    ...absent.map((name) => ({
      path: ['data', 'split', 'column'],
      expected: `rows with the value ${name}`,
      came: `none in "${column}"`,
    })),
  ];
}

/** What preparing the data would stumble over. */
async function problemsOf(prepare: () => Promise<unknown>): Promise<readonly Problem[]> {
  try {
    await prepare();
    return [];
  } catch (error) {
    if (error instanceof DataError) return error.problems;
    throw error;
  }
}
