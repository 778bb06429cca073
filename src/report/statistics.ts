/** @file Mean, spread, and the interval of a mean. */
import { studentQuantile } from '../plan/student-quantile.ts';

export interface Spread {
  readonly n: number;
  readonly mean: number;
  /** Sample standard deviation; NaN for fewer than two values. */
  readonly deviation: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { n, mean, deviation: n > 1 ? Math.sqrt(squares / (n - 1)) : Number.NaN };
}

/** 95 % interval of a mean; undefined for fewer than two values. */
export function intervalOf({ n, mean, deviation }: Spread): readonly [number, number] | undefined {
  if (n < 2) return undefined;
  const half = (quantile975(n - 1) * deviation) / Math.sqrt(n);
  return [mean - half, mean + half];
}

/** The 0.975 quantile of Student's t. */
export const quantile975 = (degrees: number): number => studentQuantile(0.025, degrees);
