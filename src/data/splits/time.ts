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
  const times = await readTimes(column, source);
  const { length } = times;
  const ends = [
    Math.round(fractions[0] * length),
    Math.round((fractions[0] + fractions[1]) * length),
  ];
  const sorted = times.slice().sort();
  const split = new Uint8Array(length);
  for (const end of ends) addLaterThan(end, sorted, times, split);
  return split;
}

/** Adds 1 to the rows from place `end` on, in the order of time. */
function addLaterThan(end: number, sorted: Float64Array, times: Float64Array, split: Uint8Array) {
  const bound = sorted[end];
  if (bound === undefined) return;
  let alike = 0;
  for (let place = end - 1; place >= 0 && sorted[place] === bound; place--) alike++;
  for (let row = 0; row < split.length; row++) {
    const time = times[row] as number;
    const isEarlier = time < bound || (time === bound && alike-- > 0);
    if (!isEarlier) split[row] = (split[row] as number) + 1;
  }
}

/** A time for every row, or a `DataError`. */
export async function readTimes(column: string, source: ColumnSource): Promise<Float64Array> {
  const [numbers] = await source.numbers([column]);
  const isNumber = numbers?.some((value) => !Number.isNaN(value)) ?? false;
  const times = isNumber ? numbers : (await source.times([column]))[0];
  if (!times) throw new Error('internal: no times');
  const without = times.findIndex((time) => Number.isNaN(time));
  if (without < 0) return times;
  throw new DataError([
    {
      path: ['data', 'split', 'time'],
      expected: 'a date, a timestamp or a number in every row',
      came: `none in row ${without + 1} of "${column}"`,
    },
  ]);
}
