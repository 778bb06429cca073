/** @file The kernel's hyperparameters by maximum a posteriori. */
import type { RandomStream } from '../../random.ts';
import { factorise, inverse, solveLower, solveUpper } from './cholesky.ts';
import { gaussian } from './features.ts';
import { type Box, minimise, type Smooth } from './minimise.ts';
import { type Kernel, matern, maternSlope, type Tried } from './process.ts';

/** A normal distribution of a logarithm. */
interface Prior {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * Of the rate 1 / lengthscale²: lengthscales grow with the root of the number of axes (Hvarfner,
 * Hellsten, Nardi 2024, arXiv:2402.02229).
 */
const ratePrior = (axes: number): Prior => ({
  mean: -2 * Math.SQRT2 - Math.log(axes),
  deviation: 2 * Math.sqrt(3),
});
const variancePrior: Prior = { mean: 0, deviation: 1 };
const noisePrior: Prior = { mean: -6, deviation: 2 };

/** One for every hyperparameter: the rates, then the variances of function and noise. */
const priors = (axes: number): readonly Prior[] => [
  ...Array.from({ length: axes }, () => ratePrior(axes)),
  variancePrior,
  noisePrior,
];

const bounds = (axes: number): Box => ({
  lower: Float64Array.from([...new Array<number>(axes).fill(-9), -5, Math.log(1e-6)]),
  upper: Float64Array.from([...new Array<number>(axes).fill(9), 5, 1]),
});

const kernelOf = (x: Float64Array): Kernel => ({
  rates: x.slice(0, -2),
  variance: x[x.length - 2] as number,
  noise: x[x.length - 1] as number,
});

/** From the middle of the priors, and from `starts` - 1 places drawn around a guess. */
export function fit(tried: Tried, axes: number, starts: number, stream: RandomStream): Kernel {
  const f = negativeLogPosterior(tried, axes);
  const middle = Float64Array.from(priors(axes), ({ mean }) => mean);
  const places = Array.from({ length: starts - 1 }, () =>
    middle.map((mean, index) => (index < axes ? 1 + 1.5 * gaussian(stream) : mean)),
  );
  const ends = [middle, ...places].map((place) => minimise(f, place, bounds(axes), 40));
  return kernelOf(ends.reduce((best, end) => (end.value < best.value ? end : best)).x);
}

/** Less the logarithm of likelihood times prior, but for constants, with its gradient. */
export function negativeLogPosterior({ columns, rows, values }: Tried, axes: number): Smooth {
  const size = rows.length;
  const gaps = gapsByAxis({ columns, rows, values }, axes);
  const prior = priors(axes);
  return (x, gradient) => {
    const kernel = kernelOf(x);
    const variance = Math.exp(kernel.variance);
    const noise = Math.exp(kernel.noise);
    const { matrix, slopes } = covariances(gaps, kernel.rates, size);
    const factor = matrix.map((value) => variance * value);
    for (let row = 0; row < size; row++) factor[row * size + row] = variance + noise;
    if (!factorise(factor, size)) return Number.POSITIVE_INFINITY;
    const weights = Float64Array.from(values);
    solveLower(factor, size, weights);
    let value = weights.reduce((sum, each) => sum + 0.5 * each * each, 0);
    for (let row = 0; row < size; row++) value += Math.log(factor[row * size + row] as number);
    solveUpper(factor, size, weights);
    const pull = pulls(factor, weights, size);
    gradient.fill(0);
    for (let row = 0, pair = 0; row < size; row++) {
      for (let column = 0; column < row; column++, pair++) {
        const place = row * size + column;
        const each = (pull[place] as number) * variance;
        gradient[axes] = (gradient[axes] as number) + each * (matrix[place] as number);
        const bySquare = each * (slopes[pair] as number);
        for (let axis = 0; axis < axes; axis++) {
          const gap = (gaps[axis] as Float64Array)[pair] as number;
          gradient[axis] = (gradient[axis] as number) + bySquare * gap;
        }
      }
      const own = 0.5 * (pull[row * size + row] as number);
      gradient[axes] = (gradient[axes] as number) + own * variance;
      gradient[axes + 1] = (gradient[axes + 1] as number) + own * noise;
    }
    for (let axis = 0; axis < axes; axis++) {
      gradient[axis] = (gradient[axis] as number) * Math.exp(kernel.rates[axis] as number);
    }
    prior.forEach(({ mean, deviation }, index) => {
      const off = ((x[index] as number) - mean) / deviation;
      value += 0.5 * off * off;
      gradient[index] = (gradient[index] as number) + off / deviation;
    });
    return value;
  };
}

/** K⁻¹ - (K⁻¹·y)(K⁻¹·y)ᵀ: how the value changes with each covariance (Rasmussen, Williams 2006, 5.9). */
function pulls(factor: Float64Array, weights: Float64Array, size: number): Float64Array {
  const result = inverse(factor, size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      const place = row * size + column;
      result[place] =
        (result[place] as number) - (weights[row] as number) * (weights[column] as number);
    }
  }
  return result;
}

/** Of unit variance, with slopes by the squared distance; pairs of rows in the order of the triangle. */
function covariances(gaps: readonly Float64Array[], rates: Float64Array, size: number) {
  const scales = rates.map(Math.exp);
  const matrix = new Float64Array(size * size);
  const slopes = new Float64Array((size * (size - 1)) / 2);
  for (let row = 0, pair = 0; row < size; row++) {
    for (let column = 0; column < row; column++, pair++) {
      let square = 0;
      for (let axis = 0; axis < scales.length; axis++) {
        square += (scales[axis] as number) * ((gaps[axis] as Float64Array)[pair] as number);
      }
      matrix[row * size + column] = matern(square);
      slopes[pair] = maternSlope(square);
    }
    matrix[row * size + row] = 1;
  }
  return { matrix, slopes };
}

function gapsByAxis({ columns, rows }: Tried, axes: number): readonly Float64Array[] {
  const gaps = Array.from(
    { length: axes },
    () => new Float64Array((rows.length * (rows.length - 1)) / 2),
  );
  for (let row = 0, pair = 0; row < rows.length; row++) {
    for (let other = 0; other < row; other++, pair++) {
      columns.forEach(({ axis, category }, column) => {
        const gap = (rows[row]?.[column] as number) - (rows[other]?.[column] as number);
        const target = gaps[axis] as Float64Array;
        target[pair] = (target[pair] as number) + (category ? Number(gap !== 0) : gap * gap);
      });
    }
  }
  return gaps;
}
