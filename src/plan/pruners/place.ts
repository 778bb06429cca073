/**
 * @file Where a trial stands among others, with one objective or several.
 *
 * One objective: by its value. Several: a trial beats another one if it is as good in all objectives and better in one;
 * one that misses a floor is beaten by all that meet theirs (constrained domination: Deb, Pratap, Agarwal, Meyarivan 2002,
 * section VI). Who comes before whom is told by the mean of the ranks, one rank an objective, floors first: that is how
 * the winner of a sweep is found, who beats another one has the lower mean, and it costs a sort of each objective where
 * sorting into fronts compares all pairs. Nobody is behind whom no other one beats: the first front is kept as it is.
 */
import { orWorst } from './best-so-far.ts';

/**
 * Whether more than `allowed` of the others come before a trial, and at least one of them beats it. `columns` hold the
 * others, one column an objective; no value is NaN.
 */
export function isBehind(
  values: readonly number[],
  columns: readonly Float64Array[],
  floors: readonly number[],
  allowed: number,
): boolean {
  const [only, ...more] = columns;
  if (only === undefined) return false;
  // A floor changes nothing with one objective: what misses it is behind by its value.
  if (more.length === 0) return countBelow(only, orWorst(values[0])) > allowed;
  const misses = missesOf(columns, floors);
  const isMissing = missesFloor(values, floors);
  const beating = countBeating(values, columns, misses, isMissing);
  // Who beats it also comes before it: most often there is no need to rank anybody.
  if (beating === 0 || beating > allowed) return beating > 0;
  return countBefore(values, columns, misses, isMissing) > allowed;
}

export const missesFloor = (values: readonly number[], floors: readonly number[]): boolean =>
  values.some((value, objective) => value > floorOf(floors, objective));

export const floorOf = (floors: readonly number[], objective: number): number =>
  floors[objective] ?? Number.POSITIVE_INFINITY;

export function countBelow(column: Float64Array, value: number): number {
  let count = 0;
  for (let row = 0; row < column.length; row++) if ((column[row] as number) < value) count++;
  return count;
}

/** 1 where a row misses a floor. */
function missesOf(columns: readonly Float64Array[], floors: readonly number[]): Uint8Array {
  const misses = new Uint8Array(columns[0]?.length ?? 0);
  columns.forEach((column, objective) => {
    const floor = floorOf(floors, objective);
    if (floor === Number.POSITIVE_INFINITY) return;
    for (let row = 0; row < misses.length; row++)
      if ((column[row] as number) > floor) misses[row] = 1;
  });
  return misses;
}

function countBeating(
  values: readonly number[],
  columns: readonly Float64Array[],
  misses: Uint8Array,
  isMissing: boolean,
): number {
  const own = isMissing ? 1 : 0;
  let count = 0;
  for (let row = 0; row < misses.length; row++) {
    const its = misses[row] as number;
    if (its < own || (its === own && dominates(columns, row, values))) count++;
  }
  return count;
}

function dominates(
  columns: readonly Float64Array[],
  row: number,
  values: readonly number[],
): boolean {
  let isBetter = false;
  for (let objective = 0; objective < columns.length; objective++) {
    const its = columns[objective]?.[row] as number;
    const own = values[objective] as number;
    if (its > own) return false;
    if (its < own) isBetter = true;
  }
  return isBetter;
}

function countBefore(
  values: readonly number[],
  columns: readonly Float64Array[],
  misses: Uint8Array,
  isMissing: boolean,
): number {
  const size = misses.length;
  const sums = new Float64Array(size + 1);
  columns.forEach((column, objective) => {
    // The trial itself, in the last row, has a rank as well: improving it moves others back, never forward.
    const all = new Float64Array(size + 1);
    all.set(column);
    all[size] = values[objective] as number;
    addRanks(sums, all);
  });
  const [own, ownSum] = [isMissing ? 1 : 0, sums[size] as number];
  let count = 0;
  for (let row = 0; row < size; row++) {
    const its = misses[row] as number;
    if (its < own || (its === own && (sums[row] as number) < ownSum)) count++;
  }
  return count;
}

const rowBits = 20;
const rowMask = 2 ** rowBits - 1;
const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Adds to each row how many rows have a lower value. The number of its row takes the place of a value's last 20 bits, so
 * that one sort of plain numbers tells the rows, in a tenth of the time of a sort with a comparison of ours; values
 * that agree to nine digits share a rank.
 */
function addRanks(sums: Float64Array, values: Float64Array): void {
  const keys = new Float64Array(values.length);
  const halves = new Uint32Array(keys.buffer);
  const low = isLittleEndian ? 0 : 1;
  for (let row = 0; row < values.length; row++) {
    // Infinity with other last bits would be no number any more; 0 is added for the sake of -0.
    keys[row] = Math.max(
      -Number.MAX_VALUE,
      Math.min(Number.MAX_VALUE, (values[row] as number) + 0),
    );
    halves[2 * row + low] = ((halves[2 * row + low] as number) & ~rowMask) | row;
  }
  keys.sort();
  let [rank, first] = [0, Number.NaN];
  for (let position = 0; position < keys.length; position++) {
    const row = (halves[2 * position + low] as number) & rowMask;
    halves[2 * position + low] = (halves[2 * position + low] as number) & ~rowMask;
    const value = keys[position] as number;
    if (value !== first) [rank, first] = [position, value];
    sums[row] = (sums[row] as number) + rank;
  }
}
