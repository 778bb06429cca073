/** @file A Gaussian process: what is known of a function from some of its values. */
import { factorise, solveLower, solveUpper } from './cholesky.ts';
import type { Column } from './features.ts';

/** In logarithms: how fast each axis varies (1 / lengthscale²), the variance of the function and of the noise. */
export interface Kernel {
  readonly rates: Float64Array;
  readonly variance: number;
  readonly noise: number;
}

/** The rows that were tried and what came of them, standardised. */
export interface Tried {
  readonly columns: readonly Column[];
  readonly rows: readonly Float64Array[];
  readonly values: Float64Array;
}

export interface Process {
  readonly columns: readonly Column[];
  readonly rows: readonly Float64Array[];
  /** By column: 1 / lengthscale². */
  readonly scales: Float64Array;
  readonly variance: number;
  /** The Cholesky factor of K, the covariances of the rows with noise. */
  readonly factor: Float64Array;
  /** K⁻¹ · values. */
  readonly weights: Float64Array;
}

const rootFive = Math.sqrt(5);

/**
 * The mean of the function is unknown and gets a standard normal prior, which adds this to every
 * covariance (Jones, Schonlau, Welch 1998, whose mean is unknown too; Rasmussen, Williams 2006,
 * 2.7). Were it that of the values, it would get better as a search gathers in good places, and
 * all that is far from them, corners above all, would promise as much.
 */
export const meanVariance = 1;

/** Matérn 5/2 of a squared scaled distance, and its slope by it (Rasmussen, Williams 2006, 4.17). */
export const matern = (square: number): number => {
  const distance = rootFive * Math.sqrt(square);
  return (1 + distance + (distance * distance) / 3) * Math.exp(-distance);
};
export const maternSlope = (square: number): number => {
  const distance = rootFive * Math.sqrt(square);
  return (-5 / 6) * (1 + distance) * Math.exp(-distance);
};

/** Null where the matrix of covariances is not positive definite. */
export function condition({ columns, rows, values }: Tried, kernel: Kernel): Process | null {
  const size = rows.length;
  const scales = Float64Array.from(columns, ({ axis }) => Math.exp(kernel.rates[axis] as number));
  const process = { columns, rows, scales, variance: Math.exp(kernel.variance) };
  const factor = new Float64Array(size * size);
  rows.forEach((one, row) => {
    for (let other = 0; other < row; other++) {
      const square = scaledDistance(process, one, rows[other] as Float64Array);
      factor[row * size + other] = meanVariance + process.variance * matern(square);
    }
    factor[row * size + row] = meanVariance + process.variance + Math.exp(kernel.noise);
  });
  if (!factorise(factor, size)) return null;
  const weights = Float64Array.from(values);
  solveLower(factor, size, weights);
  solveUpper(factor, size, weights);
  return { ...process, factor, weights };
}

export interface Prediction {
  readonly mean: number;
  /** Of the function itself, without noise. */
  readonly deviation: number;
}

/** What the process expects at a row. */
export function predict(process: Process, row: Float64Array): Prediction {
  const { rows, factor, weights, variance } = process;
  const covariance = new Float64Array(rows.length);
  let mean = 0;
  for (let index = 0; index < rows.length; index++) {
    const square = scaledDistance(process, row, rows[index] as Float64Array);
    covariance[index] = meanVariance + variance * matern(square);
    mean += (weights[index] as number) * (covariance[index] as number);
  }
  solveLower(factor, rows.length, covariance);
  const known = covariance.reduce((sum, value) => sum + value * value, 0);
  return { mean, deviation: deviationOf(variance, known) };
}

/** At rows that were tried hardly anything is left, and rounding may take more. */
const deviationOf = (variance: number, known: number) =>
  Math.sqrt(Math.max(1e-12 * variance, meanVariance + variance - known));

export interface Slopes extends Prediction {
  readonly meanSlope: Float64Array;
  readonly deviationSlope: Float64Array;
}

/** The same with slopes by every column that is no category. */
export function predictWithSlopes(process: Process, row: Float64Array): Slopes {
  const { rows, columns, scales, factor, weights, variance } = process;
  const size = rows.length;
  const squares = Float64Array.from(rows, (other) => scaledDistance(process, row, other));
  const covariance = squares.map((square) => meanVariance + variance * matern(square));
  const mean = covariance.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0);
  const solved = Float64Array.from(covariance);
  solveLower(factor, size, solved);
  const deviation = deviationOf(
    variance,
    solved.reduce((sum, value) => sum + value * value, 0),
  );
  solveUpper(factor, size, solved);
  const meanSlope = new Float64Array(columns.length);
  const deviationSlope = new Float64Array(columns.length);
  for (let index = 0; index < size; index++) {
    const other = rows[index] as Float64Array;
    const slope = 2 * variance * maternSlope(squares[index] as number);
    const byMean = slope * (weights[index] as number);
    const byDeviation = (-slope * (solved[index] as number)) / deviation;
    for (let column = 0; column < columns.length; column++) {
      if (columns[column]?.category) continue;
      const gap = (scales[column] as number) * ((row[column] ?? 0) - (other[column] ?? 0));
      meanSlope[column] = (meanSlope[column] as number) + byMean * gap;
      deviationSlope[column] = (deviationSlope[column] as number) + byDeviation * gap;
    }
  }
  return { mean, deviation, meanSlope, deviationSlope };
}

/** Squared, each column by its rate; two categories are 1 apart. */
function scaledDistance(
  { columns, scales }: Pick<Process, 'columns' | 'scales'>,
  one: Float64Array,
  other: Float64Array,
): number {
  let total = 0;
  for (let index = 0; index < scales.length; index++) {
    const gap = (one[index] as number) - (other[index] as number);
    if (gap === 0) continue;
    total += (scales[index] as number) * ((columns[index] as Column).category ? 1 : gap * gap);
  }
  return total;
}
