/** @file Features whose columns hold something else than their type says. */
import { chosen } from '../../spec/kind.ts';
import type { Path, Problem } from '../../spec/problem.ts';
import type { FeatureGroup } from '../../spec/schema/data.ts';
import { booleanOf } from '../features/boolean.ts';
import { expandColumns } from '../features/columns.ts';
import {
  asText,
  asTime,
  type Column,
  isNoNumber,
  isNumeric,
  quoteName,
  quoteTexts,
} from '../table/sql.ts';
import type { Table } from '../table/table.ts';
import { describeUnreadable, findUnreadable, type Reading, type Unreadable } from './unreadable.ts';

/** More one-hot features of one column than this are a mistake: an id, a number, free text. */
const mostOneHot = 1000;

export async function checkFeatures(
  groups: readonly FeatureGroup[],
  table: Table,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const [index, group] of groups.entries()) {
    for (const [place, pattern] of group.columns.entries()) {
      const names = table.columns.map(({ name }) => name);
      const { columns } = expandColumns({ columns: [pattern], exclude: group.exclude }, names);
      const path = ['data', 'features', index, 'columns', place];
      problems.push(...(await checkGroup(group, columns, path, table)));
    }
  }
  return problems;
}

async function checkGroup(
  group: FeatureGroup,
  columns: readonly string[],
  path: Path,
  table: Table,
): Promise<Problem[]> {
  const found = (readings: readonly Reading[]) => findUnreadable(table, readings);
  const report =
    (expected: string, hint: (wrong: Unreadable) => string) => (wrong: Unreadable) => ({
      path,
      expected,
      came: describeUnreadable(wrong, table.rows),
      hint: hint(wrong),
    });
  switch (group.type) {
    case 'number': {
      const wrong = await found(readingsAs(isNoNumber, columns, table));
      return wrong.map(report('numbers', numberHint));
    }
    case 'date': {
      const wrong = await found(readingsAs(isNoTime, columns, table));
      return wrong.map(report('dates or timestamps', () => dateHint));
    }
    case 'boolean': {
      const wrong = await found(await booleanReadings(columns, table));
      return wrong.map(report('true and false', () => 'Use `type: category`, or `type: number`.'));
    }
    case 'ordinal':
      return checkOrdinal(group.order.map(String), columns, path, table);
    case 'category':
      return chosen(group.encode).name === 'oneHot' ? checkOneHot(group, columns, path, table) : [];
    default:
      return group satisfies never;
  }
}

const dateHint = "Derive a date in a `query`: `strptime(day, '%d.%m.%Y') AS date`.";
const numberHint = ({ different, first }: Unreadable) =>
  different === 1
    ? `Use \`type: category\`, or list the text under \`missing\` if it means that: missing: ['${first}'].`
    : 'Use `type: category`, or derive a number in a `query`.';

const readingsAs = (
  isWrong: (column: Column) => string,
  columns: readonly string[],
  table: Table,
): Reading[] => columns.map((column) => ({ column, isWrong: isWrong(table.column(column)) }));

/** A number is no point in time, whatever DuckDB would make of it. */
const isNoTime = (column: Column) =>
  `${quoteName(column.name)} IS NOT NULL AND
    (${isNumeric(column.type) ? 'NULL' : asTime(column)}) IS NULL`;

async function booleanReadings(columns: readonly string[], table: Table): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const column of columns) {
    const values = await table.values(column);
    const known = values.filter((value) => !Number.isNaN(booleanOf(value)));
    const text = asText(table.column(column));
    readings.push({
      column,
      isWrong: `${quoteName(column)} IS NOT NULL AND
        (CASE WHEN list_contains(${quoteTexts(known)}, ${text}) THEN 1 END) IS NULL`,
    });
  }
  return readings;
}

/** Unknown values take the median; a list that fits no value at all is a mistake. */
async function checkOrdinal(
  order: readonly string[],
  columns: readonly string[],
  path: Path,
  table: Table,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const column of columns) {
    const values = await table.values(column);
    if (values.some((value) => order.includes(value))) continue;
    problems.push({
      path: [...path.slice(0, 3), 'order'],
      expected: `values of "${column}"`,
      came: 'none of them',
      hint: `Values: ${values.slice(0, 20).join(', ')}`,
    });
  }
  return problems;
}

async function checkOneHot(
  group: Extract<FeatureGroup, { type: 'category' }>,
  columns: readonly string[],
  path: Path,
  table: Table,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const column of columns) {
    const text = asText(table.column(column));
    const [[count] = []] = await table.query(
      `SELECT count(*) FROM (SELECT ${text} AS value FROM rows GROUP BY value HAVING count(*) >= ${group.minCount})`,
    );
    if (Number(count) <= mostOneHot) continue;
    problems.push({
      path,
      expected: `at most ${mostOneHot} values to make one-hot features of`,
      came: `${count} in "${column}"`,
      hint: 'Use `encode: embedding`, a larger `minCount`, or `type: number`. An id is no feature.',
    });
  }
  return problems;
}
