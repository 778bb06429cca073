/** @file Values of a column that are not what a spec takes them for: how many, and the first of them. */
import { quoteName } from '../table/sql.ts';
import type { Table } from '../table/table.ts';

export interface Unreadable {
  readonly column: string;
  readonly count: number;
  readonly different: number;
  /** The first one, and its row counted from 1. */
  readonly first: string;
  readonly row: number;
}

/** `isWrong` is an expression, true where a value of the column is not what it should be. */
export interface Reading {
  readonly column: string;
  readonly isWrong: string;
}

/** All columns are counted in one pass over the table. */
export async function findUnreadable(
  table: Table,
  readings: readonly Reading[],
): Promise<readonly Unreadable[]> {
  if (readings.length === 0) return [];
  const counts = readings.map(({ isWrong }) => `count(*) FILTER (${isWrong})`);
  const [row = []] = await table.query(`SELECT ${counts.join(', ')} FROM rows`);
  const found: Unreadable[] = [];
  for (const [index, reading] of readings.entries()) {
    const count = Number(row[index]);
    if (count === 0) continue;
    const { isWrong } = reading;
    const column = quoteName(reading.column);
    const place = quoteName(`place of ${reading.column}`);
    const [first = []] = await table.query(
      `SELECT ${place}, ${column}::VARCHAR, (SELECT count(DISTINCT ${column}) FROM rows WHERE ${isWrong})
        FROM (SELECT row_number() OVER () AS ${place}, ${column} FROM rows)
        WHERE ${isWrong} ORDER BY ${place} LIMIT 1`,
    );
    found.push({
      column: reading.column,
      count,
      row: Number(first[0]),
      first: String(first[1]),
      different: Number(first[2]),
    });
  }
  return found;
}

/** `12 of 1000 values of "age" that are not, first "abc" in row 5` */
export const describeUnreadable = ({ column, count, first, row }: Unreadable, rows: number) =>
  `${count} of ${rows} values of "${column}" that are not, first "${shorten(first)}" in row ${row}`;

const shorten = (text: string) => (text.length > 40 ? `${text.slice(0, 39)}…` : text);
