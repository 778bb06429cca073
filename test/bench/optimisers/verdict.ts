/** @file Whether one set of results is at least as good as another. */
import type { RandomStream } from '../../../src/plan/random.ts';
import { median } from '../statistics.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The 90 % interval of (their median - our median) by a percentile bootstrap (Efron 1979): both
 * drawn anew with replacement, independently. What is measured is to be minimised, so positive
 * means that ours is better.
 */
export function medianGain(
  theirs: readonly number[],
  ours: readonly number[],
  stream: RandomStream,
  rounds = 10_000,
): Interval {
  const redraw = (values: readonly number[]) =>
    median(values.map(() => values[stream.integer(values.length)] ?? Number.NaN));
  const gains = Array.from({ length: rounds }, () => redraw(theirs) - redraw(ours));
  gains.sort((one, other) => one - other);
  const at = (share: number) => gains[Math.round(share * (rounds - 1))] ?? Number.NaN;
  return { low: at(0.05), high: at(0.95) };
}

/** Share of a scale by which a result may be worse and still count as good: 2 %. */
export const tolerance = 0.02;

export const atLeastAsGood = ({ low }: Interval, scale: number) => low > -tolerance * scale;
