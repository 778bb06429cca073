/** @file What a history becomes for the process: one number an observation, few enough of them. */

import type { Point } from '../../../spec/space/search-space.ts';
import type { Observation } from '../../define-sampler.ts';
import type { RandomStream } from '../../random.ts';

/** An observation that counts: its values are finite. */
export interface Ended {
  readonly point: Point;
  readonly values: readonly number[];
  readonly whole: boolean;
}

export interface Target {
  readonly point: Point;
  /** To be minimised. */
  readonly value: number;
  /** Whether it was trained to its end. */
  readonly whole: boolean;
}

export const endedOf = (history: readonly Observation[]): readonly Ended[] =>
  history.flatMap(({ point, values, progress }) =>
    values?.every(Number.isFinite) ? [{ point, values, whole: progress >= 1 }] : [],
  );

/** Points of the others. */
export const failedOf = (history: readonly Observation[]): readonly Point[] =>
  history.flatMap(({ point, values }) => (values?.every(Number.isFinite) ? [] : [point]));

/**
 * Several objectives become one by an augmented Chebyshev distance with weights drawn anew for
 * every proposal (ParEGO: Knowles 2006).
 */
export function scalarised(ended: readonly Ended[], stream: RandomStream): readonly Target[] {
  const count = ended[0]?.values.length ?? 1;
  if (count === 1) return ended.map((each) => ({ ...each, value: each.values[0] as number }));
  const weights = simplex(count, stream);
  const spans = weights.map((_, objective) => {
    const values = ended.map((each) => each.values[objective] as number);
    const low = values.reduce((least, value) => Math.min(least, value));
    return { low, span: values.reduce((most, value) => Math.max(most, value)) - low || 1 };
  });
  return ended.map((each) => {
    const parts = spans.map(
      ({ low, span }, objective) =>
        (((each.values[objective] as number) - low) / span) * (weights[objective] as number),
    );
    return { ...each, value: Math.max(...parts) + 0.05 * parts.reduce((sum, part) => sum + part) };
  });
}

/** Uniform among the weights that add up to one. */
function simplex(count: number, stream: RandomStream): readonly number[] {
  const parts = Array.from({ length: count }, () => -Math.log(1 - stream.next()));
  const total = parts.reduce((sum, part) => sum + part);
  return parts.map((part) => part / total);
}

/** Half of them the best, the others the newest, in the order in which they ended. */
export function kept(targets: readonly Target[], limit: number): readonly Target[] {
  if (targets.length <= limit) return targets;
  const newest = new Set(targets.slice(-Math.floor(limit / 2)));
  const others = targets.filter((target) => !newest.has(target));
  const best = new Set(
    [...others].sort((one, other) => one.value - other.value).slice(0, limit - newest.size),
  );
  return targets.filter((target) => newest.has(target) || best.has(target));
}

/**
 * A pruned trial was worse than the others at that point, but its values might still have fallen:
 * all that is taken from it is that it is no better than the median.
 */
export function withoutHopes(targets: readonly Target[]): readonly Target[] {
  const whole = targets.filter((target) => target.whole).map(({ value }) => value);
  if (whole.length === 0) return targets;
  const middle = medianOf(whole);
  return targets.map((target) =>
    target.whole ? target : { ...target, value: Math.max(target.value, middle) },
  );
}

export function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[(sorted.length - 1) >> 1] as number;
}

/**
 * Zero mean and unit variance. Where a few values are far worse than the others, as after a
 * learning rate too high, how much worse says little: above the median they are compressed.
 */
export function standardised(targets: readonly Target[]): readonly Target[] {
  const values = targets.map(({ value }) => value);
  const middle = medianOf(values);
  const least = values.reduce((low, value) => Math.min(low, value));
  const most = values.reduce((high, value) => Math.max(high, value));
  const scale = middle - least || most - least || 1;
  const compressed = values.map((value) =>
    value > middle ? Math.log1p((value - middle) / scale) : (value - middle) / scale,
  );
  const mean = compressed.reduce((sum, value) => sum + value, 0) / compressed.length;
  const square = compressed.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(square / compressed.length) || 1;
  return targets.map((target, index) => ({
    ...target,
    value: ((compressed[index] as number) - mean) / deviation,
  }));
}
