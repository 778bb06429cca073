/** @file The logarithm of the expected improvement, which has a slope even where the improvement underflows. */

/** Value and slopes of log E[max(0, best - f)] for a Gaussian f. */
export interface LogImprovement {
  readonly value: number;
  readonly byMean: number;
  readonly byDeviation: number;
}

const logRootTwoPi = Math.log(2 * Math.PI) / 2;

/**
 * Expected improvement (Jones, Schonlau, Welch 1998) in logarithms (Ament, Daulton, Eriksson,
 * Balandat, Bakshy 2023, arXiv:2310.20708). With z = (best - mean) / deviation it is
 * log deviation + log (φ(z) + z·Φ(z)).
 */
export function logExpectedImprovement(
  mean: number,
  deviation: number,
  best: number,
): LogImprovement {
  const z = (best - mean) / deviation;
  const logDensity = -z * z * 0.5 - logRootTwoPi;
  if (z > -1) {
    const density = Math.exp(logDensity);
    const below = 1 - density * tailRatio(z);
    const improvement = density + z * below;
    return {
      value: Math.log(deviation) + Math.log(improvement),
      byMean: -below / (deviation * improvement),
      byDeviation: density / (deviation * improvement),
    };
  }
  // In units of the density, which may underflow: 1 + z·Φ/φ, by its series where it cancels.
  const ratio = tailRatio(-z);
  const square = z * z;
  const improvement = z < -100 ? (1 - (3 - 15 / square) / square) / square : 1 + z * ratio;
  return {
    value: Math.log(deviation) + logDensity + Math.log(improvement),
    byMean: -ratio / (deviation * improvement),
    byDeviation: 1 / (deviation * improvement),
  };
}

/**
 * Mills' ratio (1 - Φ(z)) / φ(z) for z > -1: Laplace's continued fraction where it is quick,
 * else from the series Φ(z) - ½ = φ(z)·(z + z³/3 + z⁵/15 + …).
 */
function tailRatio(z: number): number {
  if (z >= 2.5) {
    let fraction = z;
    for (let k = 60; k >= 1; k--) fraction = z + k / fraction;
    return 1 / fraction;
  }
  let term = z;
  let sum = z;
  for (let k = 1; k < 60 && Math.abs(term) > 1e-17; k++) {
    term *= (z * z) / (2 * k + 1);
    sum += term;
  }
  return 0.5 * Math.exp(z * z * 0.5 + logRootTwoPi) - sum;
}
