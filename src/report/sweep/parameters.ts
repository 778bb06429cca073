/** @file The swept parameters as columns of numbers: their scale, and where each choice lies on it. */
import { formatParameter, shortNames } from '../format.ts';

type Values = Readonly<Record<string, unknown>>;

/**
 * `steps`: few numbers, each as far from the next and as likely; `linear`, `log`: a range of
 * numbers; `categories`: words, switches and blocks, in the order in which they first came.
 */
export type Scale = 'steps' | 'linear' | 'log' | 'categories';

export interface SweptParameter {
  readonly path: string;
  /** As short as it takes to tell it from the others. */
  readonly name: string;
  readonly scale: Scale;
  /** Of steps and categories: each value in words. */
  readonly labels: readonly string[];
  /** Of numbers. */
  readonly range: readonly [low: number, high: number];
  /** By choice: a step or category by its place from 0, a number from 0 (low) to 1; -1 if not set. */
  readonly places: Float64Array;
  /** In how many choices it is not set, since it does not matter there. */
  readonly inactive: number;
}

/** As many numbers as are taken for a list that somebody wrote, and not for a range. */
const mostSteps = 12;

/** All that have at least two values, or are set in some choices only. */
export function sweptParameters(choices: readonly Values[]): readonly SweptParameter[] {
  const paths = [...new Set(choices.flatMap((values) => Object.keys(values)))];
  const names = shortNames(paths);
  return paths
    .map((path) => {
      const values = choices.map((choice) => choice[path] ?? undefined);
      return { path, name: names.get(path) ?? path, ...columnOf(values) };
    })
    .filter(({ labels, range, inactive }) => {
      const isSet = inactive < choices.length;
      return isSet && (labels.length > 1 || range[0] < range[1] || inactive > 0);
    });
}

type Column = Omit<SweptParameter, 'path' | 'name'>;

function columnOf(values: readonly unknown[]): Column {
  const set = values.filter((value) => value !== undefined);
  const inactive = values.length - set.length;
  const numbers = set.filter((value) => typeof value === 'number' && Number.isFinite(value));
  if (numbers.length < set.length) return { ...categories(values), inactive };
  const distinct = Float64Array.from(new Set(numbers as number[])).sort();
  const range = [distinct[0] ?? 0, distinct.at(-1) ?? 0] as const;
  if (distinct.length <= mostSteps) {
    const places = values.map((value) => distinct.indexOf(Number(value)));
    const labels = [...distinct].map(formatParameter);
    return { scale: 'steps', labels, range, places: Float64Array.from(places), inactive };
  }
  const scale = isLogarithmic(numbers as number[], range) ? 'log' : 'linear';
  const place = placeOn(scale, range);
  const places = values.map((value) => (value === undefined ? -1 : place(Number(value))));
  return { scale, labels: [], range, places: Float64Array.from(places), inactive };
}

/** Where a number lies between the ends, from 0 to 1. */
export function placeOn(
  scale: Scale,
  [low, high]: readonly [number, number],
): (value: number) => number {
  const bend = scale === 'log' ? Math.log10 : (value: number) => value;
  const [from, to] = [bend(low), bend(high)];
  return (value) => (to > from ? (bend(value) - from) / (to - from) : 0.5);
}

/**
 * A range is read as logarithmic if it spans a factor of ten and its median lies nearer to the
 * geometric mean of the ends than to the arithmetic one, in logarithms. The journal knows the
 * values that were tried, not the range they were drawn from.
 */
function isLogarithmic(
  numbers: readonly number[],
  [low, high]: readonly [number, number],
): boolean {
  if (low <= 0 || high / low < 10) return false;
  const median = Float64Array.from(numbers).sort()[numbers.length >> 1] ?? 0;
  return median < Math.sqrt(Math.sqrt(low) * Math.sqrt(high) * (low / 2 + high / 2));
}

function categories(values: readonly unknown[]): Omit<Column, 'inactive'> {
  const places = new Map<string, number>();
  const labels: string[] = [];
  const place = (value: unknown) => {
    if (value === undefined) return -1;
    const key = JSON.stringify(value);
    if (!places.has(key)) labels.push(formatParameter(value));
    places.set(key, places.get(key) ?? places.size);
    return places.get(key) ?? 0;
  };
  const found = Float64Array.from(values, place);
  return { scale: 'categories', labels, range: [0, 0], places: found };
}
