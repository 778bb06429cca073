/** @file The kernel's hyperparameters by maximum a posteriori. */
import type { RandomStream } from '../../random.ts';
import { factorise, inverse, solveLower, solveUpper } from './cholesky.ts';
import { gaussian } from './features.ts';
import { type Box, minimise, type Smooth } from './minimise.ts';
import { type Kernel, matern, maternSlope, meanVariance, type Tried } from './process.ts';

/** A normal distribution of a logarithm. */
interface Prior {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * Of the rate 1 / lengthscale². Lengthscales grow with the root of the number of axes, and the mean
 * stands where the density of the lengthscale itself is greatest (Hvarfner, Hellsten, Nardi 2024,
 * arXiv:2402.02229). Narrower than theirs: tens of trials do not tell so many rates apart.
 */
const ratePrior = (axes: number): Prior => ({
  mean: 6 - 2 * Math.SQRT2 - Math.log(axes),
  deviation: 1.5,
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
export function negativeLogPosterior(tried: Tried, axes: number): Smooth {
  const size = tried.rows.length;
  const gaps = gapsOf(tried, axes);
  const prior = priors(axes);
  return (x, gradient) => {
    const kernel = kernelOf(x);
    const { matrix, slopes } = covariances(gaps, kernel, size);
    const factor = matrix.map((covariance) => covariance + meanVariance);
    const noise = Math.exp(kernel.noise);
    for (let place = 0; place < factor.length; place += size + 1) {
      factor[place] = (factor[place] as number) + noise;
    }
    if (!factorise(factor, size)) return Number.POSITIVE_INFINITY;
    const weights = Float64Array.from(tried.values);
    solveLower(factor, size, weights);
    let value = weights.reduce((sum, each) => sum + 0.5 * each * each, 0);
    for (let row = 0; row < size; row++) value += Math.log(factor[row * size + row] as number);
    solveUpper(factor, size, weights);
    const pull = pulls(factor, weights, size);
    gradient.fill(0);
    addRateSlopes(gradient, { pull, slopes, gaps, rates: kernel.rates });
    for (let place = 0; place < pull.length; place++) {
      const half = place % (size + 1) === 0 ? 0.5 : 1;
      gradient[axes] = (gradient[axes] ?? 0) + half * (pull[place] ?? 0) * (matrix[place] ?? 0);
    }
    for (let place = 0; place < pull.length; place += size + 1) {
      gradient[axes + 1] = (gradient[axes + 1] ?? 0) + 0.5 * noise * (pull[place] ?? 0);
    }
    prior.forEach(({ mean, deviation }, index) => {
      const off = ((x[index] as number) - mean) / deviation;
      value += 0.5 * off * off;
      gradient[index] = (gradient[index] as number) + off / deviation;
    });
    return value;
  };
}

/**
 * The lower triangle of K⁻¹ - (K⁻¹·y)(K⁻¹·y)ᵀ, twice the change of the value with each covariance
 * (Rasmussen, Williams 2006, 5.9). Above the diagonal it is the same and left out, for the factor of two.
 */
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

interface Pulled {
  readonly pull: Float64Array;
  readonly slopes: Float64Array;
  readonly gaps: Float64Array;
  readonly rates: Float64Array;
}

function addRateSlopes(gradient: Float64Array, { pull, slopes, gaps, rates }: Pulled): void {
  const axes = rates.length;
  const size = Math.sqrt(pull.length);
  for (let row = 0, pair = 0; row < size; row++) {
    for (let column = 0; column < row; column++, pair++) {
      const bySquare = (pull[row * size + column] as number) * (slopes[pair] as number);
      const first = pair * axes;
      for (let axis = 0; axis < axes; axis++) {
        gradient[axis] = (gradient[axis] as number) + bySquare * (gaps[first + axis] as number);
      }
    }
  }
  for (let axis = 0; axis < axes; axis++) {
    gradient[axis] = (gradient[axis] as number) * Math.exp(rates[axis] as number);
  }
}

/** The lower triangle, and for each pair of rows the slope by their squared distance. */
function covariances(gaps: Float64Array, kernel: Kernel, size: number) {
  const scales = kernel.rates.map(Math.exp);
  const variance = Math.exp(kernel.variance);
  const matrix = new Float64Array(size * size);
  const slopes = new Float64Array((size * (size - 1)) / 2);
  for (let row = 0, pair = 0; row < size; row++) {
    for (let column = 0; column < row; column++, pair++) {
      const first = pair * scales.length;
      let square = 0;
      for (let axis = 0; axis < scales.length; axis++) {
        square += (scales[axis] as number) * (gaps[first + axis] as number);
      }
      matrix[row * size + column] = variance * matern(square);
      slopes[pair] = variance * maternSlope(square);
    }
    matrix[row * size + row] = variance;
  }
  return { matrix, slopes };
}

/** By pair of rows, in the order of the triangle, and axis: how far they are apart, squared. */
function gapsOf({ columns, rows }: Tried, axes: number): Float64Array {
  const gaps = new Float64Array(((rows.length * (rows.length - 1)) / 2) * axes);
  for (let row = 0, first = 0; row < rows.length; row++) {
    for (let other = 0; other < row; other++, first += axes) {
      columns.forEach(({ axis, category }, column) => {
        const gap = (rows[row]?.[column] as number) - (rows[other]?.[column] as number);
        const square = category ? Number(gap !== 0) : gap * gap;
        gaps[first + axis] = (gaps[first + axis] as number) + square;
      });
    }
  }
  return gaps;
}
