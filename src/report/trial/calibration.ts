/** @file Calibration: how often it happened against how probable it was said to be. */

/** Rows with both, `probability` in ascending order; `hit` is 1 where it happened. */
export interface Forecasts {
  readonly probabilities: Float64Array;
  readonly hits: Uint8Array;
}

/** Keeps the rows that have both a probability and an outcome, 0 or 1. */
export function forecastsOf(
  probabilities: ArrayLike<number>,
  outcomes: ArrayLike<number>,
): Forecasts {
  // Hits and misses are sorted apart, as plain numbers: sorting rows would need a comparison for each.
  const [hits, misses] = [1, 0].map((wanted) => {
    const found = new Float64Array(probabilities.length);
    let count = 0;
    for (let row = 0; row < probabilities.length; row++) {
      const probability = probabilities[row] ?? Number.NaN;
      if (outcomes[row] === wanted && Number.isFinite(probability)) found[count++] = probability;
    }
    return found.subarray(0, count).sort();
  });
  return merged(hits ?? new Float64Array(), misses ?? new Float64Array());
}

function merged(hits: Float64Array, misses: Float64Array): Forecasts {
  const probabilities = new Float64Array(hits.length + misses.length);
  const isHit = new Uint8Array(probabilities.length);
  let [hit, miss] = [0, 0];
  for (let at = 0; at < probabilities.length; at++) {
    const [one = Number.POSITIVE_INFINITY, other = Number.POSITIVE_INFINITY] = [
      hits[hit],
      misses[miss],
    ];
    probabilities[at] = Math.min(one, other);
    if (one <= other && hit < hits.length) {
      isHit[at] = 1;
      hit += 1;
    } else miss += 1;
  }
  return { probabilities, hits: isHit };
}

export interface CalibrationBin {
  /** The mean probability of its rows. */
  readonly predicted: number;
  /** The part of its rows where it happened. */
  readonly observed: number;
  readonly rows: number;
  /** Wilson's 95 % interval of that part. */
  readonly interval: readonly [low: number, high: number];
}

const mostBins = 10;
const fewestRows = 10;

/**
 * Ten bins of about equally many rows, fewer for few rows: their edges are quantiles, and rows of
 * the same probability are in the same bin.
 */
export function calibrationBins({ probabilities, hits }: Forecasts): readonly CalibrationBin[] {
  const rows = probabilities.length;
  const count = Math.max(1, Math.min(mostBins, Math.floor(rows / fewestRows)));
  const bins: CalibrationBin[] = [];
  let from = 0;
  for (let bin = 1; bin <= count && from < rows; bin++) {
    const edge = bin === count ? Number.POSITIVE_INFINITY : quantile(probabilities, bin / count);
    let [sum, hitCount, end] = [0, 0, from];
    for (; end < rows && (probabilities[end] ?? 0) <= edge; end++) {
      sum += probabilities[end] ?? 0;
      hitCount += hits[end] ?? 0;
    }
    const size = end - from;
    from = end;
    if (size === 0) continue;
    const observed = hitCount / size;
    const interval = wilson(observed, size);
    bins.push({ predicted: sum / size, observed, rows: size, interval });
  }
  return bins;
}

/** Of sorted values, between its neighbours in a straight line. */
export function quantile(sorted: ArrayLike<number>, part: number): number {
  const at = (sorted.length - 1) * part;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  return below + ((sorted[Math.ceil(at)] ?? Number.NaN) - below) * (at - Math.floor(at));
}

/** Wilson 1927, Journal of the American Statistical Association 22. */
function wilson(part: number, rows: number): readonly [number, number] {
  const z = 1.959963984540054;
  const size = 1 + (z * z) / rows;
  const middle = (part + (z * z) / (2 * rows)) / size;
  const half = (z / size) * Math.sqrt((part * (1 - part)) / rows + (z * z) / (4 * rows * rows));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** The mean squared error of the probabilities (Brier 1950). */
export function brierScore({ probabilities, hits }: Forecasts): number {
  let total = 0;
  for (let at = 0; at < probabilities.length; at++)
    total += ((probabilities[at] ?? 0) - (hits[at] ?? 0)) ** 2;
  return total / probabilities.length;
}

/** The mean distance of frequency and probability over the bins, weighted by their rows. */
export function calibrationError(bins: readonly CalibrationBin[]): number {
  const rows = bins.reduce((total, bin) => total + bin.rows, 0);
  return (
    bins.reduce((total, bin) => total + bin.rows * Math.abs(bin.predicted - bin.observed), 0) / rows
  );
}
