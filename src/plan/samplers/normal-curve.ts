/** @file The distribution function of the standard normal distribution, and its inverse. */

const numerator = [
  0.0352624965998911, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871,
  221.213596169931, 220.206867912376,
];
const denominator = [
  0.0883883476483184, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674,
  637.333633378831, 793.826512519948, 440.413735824752,
];

/** The probability below z. Hart et al. 1968, algorithm 5666: relative error about 1e-14, in the tails beyond 7 1e-8. */
export function normalBelow(z: number): number {
  const distance = Math.abs(z);
  const tail = distance > 38 ? 0 : Math.exp((-z * z) / 2) * tailRatio(distance);
  return z > 0 ? 1 - tail : tail;
}

function tailRatio(z: number): number {
  if (z < 7.07106781186547) return polynomial(numerator, z) / polynomial(denominator, z);
  const fraction = z + 1 / (z + 2 / (z + 3 / (z + 4 / (z + 0.65))));
  return 1 / (fraction * Math.sqrt(2 * Math.PI));
}

/** The highest power first. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}

const centralNumerator = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
  2.506628277459239,
];
const centralDenominator = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572,
  1,
];
const outerNumerator = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734,
  4.374664141464968, 2.938163982698783,
];
const outerDenominator = [
  0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1,
];

/** Where the probability below is `share`; infinite at 0 and 1. Acklam 2003, then one step of Halley's. */
export function normalQuantile(share: number): number {
  if (share <= 0) return Number.NEGATIVE_INFINITY;
  if (share >= 1) return Number.POSITIVE_INFINITY;
  // Near 1 the probability above is what has the digits.
  if (share > 0.5) return -normalQuantile(1 - share);
  const z = roughQuantile(share);
  const error = (normalBelow(z) - share) * Math.sqrt(2 * Math.PI) * Math.exp((z * z) / 2);
  return z - error / (1 + (z * error) / 2);
}

/** Relative error about 1e-9, for shares up to one half. */
function roughQuantile(share: number): number {
  if (share < 0.02425) {
    const root = Math.sqrt(-2 * Math.log(share));
    return polynomial(outerNumerator, root) / polynomial(outerDenominator, root);
  }
  const centred = share - 0.5;
  const square = centred * centred;
  return (centred * polynomial(centralNumerator, square)) / polynomial(centralDenominator, square);
}
