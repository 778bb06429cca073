/** @file Quantiles of Student's t far out in its tail, where a race with many choices looks. */

/** The t that is exceeded with this probability, at most ½, for whole degrees of freedom. */
export function studentQuantile(exceeded: number, degrees: number): number {
  if (exceeded >= 0.5) return 0;
  const scale = betaScale(degrees);
  let high = 1;
  while (tail(high, degrees, scale) > exceeded) high *= 2;
  let low = high === 1 ? 0 : high / 2;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (tail(middle, degrees, scale) > exceeded) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(T > t) for t ≥ 0: half the incomplete beta function I(x; ν/2, ½) at x = ν / (ν + t²) (DLMF 8.17). */
function tail(t: number, degrees: number, scale: number): number {
  const [x, rest] = [degrees / (degrees + t * t), (t * t) / (degrees + t * t)];
  const front = x ** (degrees / 2) * Math.sqrt(rest) * scale;
  const a = degrees / 2;
  // The fraction converges fast on one side of the mean only; on the other one I(x; a, b) = 1 - I(1 - x; b, a).
  return x < (a + 1) / (a + 2.5)
    ? (front * betaFraction(x, a, 0.5)) / a / 2
    : 0.5 - front * betaFraction(rest, 0.5, a);
}

/** 1 / B(ν/2, ½) by Γ(x + 1) = x Γ(x), from ν = 1 or 2 on. */
function betaScale(degrees: number): number {
  let scale = degrees % 2 === 1 ? 1 / Math.PI : 0.5;
  for (let below = degrees % 2 === 1 ? 1 : 2; below < degrees; below += 2) {
    scale *= (below + 1) / below;
  }
  return scale;
}

/** The continued fraction of I(x; a, b), DLMF 8.17.22, from front to back (Lentz 1976). */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    const change = d * c;
    result *= change;
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return result;
}
