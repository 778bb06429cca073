/** @file Splitting by time: the earliest rows train, the latest test. */
import { DataError } from '../data-error.ts';
import type { ColumnSource } from '../table/column-source.ts';
import type { Fractions } from './sharing-out.ts';

/** Rows of the same time stay in the order of the table. Numbers are ordered as numbers. */
export async function splitByTime(
  column: string,
  fractions: Fractions,
  source: ColumnSource,
): Promise<Uint8Array> {
  const [numbers] = await source.numbers([column]);
  const isNumber = numbers?.some((value) => !Number.isNaN(value)) ?? false;
  const times = isNumber ? numbers : (await source.times([column]))[0];
  if (!times) throw new Error('internal: no times');
  const without = times.findIndex((time) => Number.isNaN(time));
  if (without >= 0)
    throw new DataError([
      {
        path: ['data', 'split', 'time'],
        expected: 'a date, a timestamp or a number in every row',
        came: `none in row ${without + 1} of "${column}"`,
      },
    ]);
  const order = Int32Array.from(times, (_, row) => row).sort(
    (one, other) => (times[one] as number) - (times[other] as number) || one - other,
  );
  const split = new Uint8Array(times.length);
  const trainEnd = Math.round(fractions[0] * times.length);
  const validationEnd = Math.round((fractions[0] + fractions[1]) * times.length);
  for (const [place, row] of order.entries())
    split[row] = place < trainEnd ? 0 : place < validationEnd ? 1 : 2;
  return split;
}
