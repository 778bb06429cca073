/** @file Mean, spread, and Student's t. */

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

/** The 0.975 quantile of Student's t, found by bisection of its distribution function. */
export function quantile975(degrees: number): number {
  let [low, high] = [0, 1000];
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (distribution(middle, degrees) < 0.975) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Student's distribution function for t ≥ 0 and whole degrees of freedom: the finite sums of
 * Abramowitz and Stegun 1964, 26.7.3 and 26.7.4.
 */
function distribution(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let index = isOdd ? 3 : 2; index <= degrees - 2; index += 2) {
    term *= ((index - 1) / index) * cosine ** 2;
    sum += term;
  }
  const inside = isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
  return 0.5 + inside / 2;
}
