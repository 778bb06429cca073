/** @file Every distribution as shares of the unit interval: a uniform number drawn there is a draw from it. */
import type { Distribution } from '../../spec/space/search-space.ts';
import { normalBelow, normalQuantile } from './normal-curve.ts';

/** The part of the unit interval that stands for one coordinate; its ends are equal where there are no steps. */
export interface Cell {
  readonly low: number;
  readonly high: number;
}

/** The coordinate at a share of [0, 1]: the inverse of the distribution function. */
export function coordinateAt(distribution: Distribution, share: number): number {
  switch (distribution.type) {
    case 'normal':
      return distribution.mean + distribution.standardDeviation * inner(share);
    case 'float':
      return distribution.step === null
        ? onLine(distribution, share)
        : onSteps(distribution, share);
    case 'int':
      return distribution.log ? onRoundedLine(distribution, share) : onSteps(distribution, share);
    case 'category':
    case 'ordinal':
      return onSteps(distribution, share);
    default:
      return distribution satisfies never;
  }
}

/** Where a coordinate lies: a draw from its cell gives it back. */
export function cellOf(distribution: Distribution, coordinate: number): Cell {
  if (distribution.type === 'normal') {
    const { mean, standardDeviation } = distribution;
    return pointCell(normalBelow((coordinate - mean) / standardDeviation));
  }
  if (distribution.type === 'float' && distribution.step === null) {
    const { from, to } = lineOf(distribution);
    const value = distribution.log ? Math.log(coordinate) : coordinate;
    return pointCell(to > from ? (value - from) / (to - from) : 0.5);
  }
  if (distribution.type === 'int' && distribution.log) {
    const { from, to } = roundedLineOf(distribution);
    const share = (value: number) => clip((Math.log(value) - from) / (to - from));
    return { low: share(coordinate - 0.5), high: share(coordinate + 0.5) };
  }
  const count = countOf(distribution);
  const { low, step } = ladder(distribution);
  const index = Math.min(count - 1, Math.max(0, Math.round((coordinate - low) / step)));
  return { low: index / count, high: (index + 1) / count };
}

/** How many coordinates there are; infinite without steps. */
export function countOf(distribution: Distribution): number {
  if (distribution.type === 'category') return distribution.count;
  if (distribution.type === 'ordinal') return distribution.levels.length;
  if (distribution.type === 'normal') return Number.POSITIVE_INFINITY;
  const { low, high, step } = distribution;
  if (step === null) return high > low ? Number.POSITIVE_INFINITY : 1;
  // A step that does not divide the span exactly only by rounding still reaches its end.
  return Math.floor((high - low) / step + 1e-9) + 1;
}

const clip = (share: number) => Math.min(1, Math.max(0, share));
const pointCell = (share: number): Cell => ({ low: clip(share), high: clip(share) });

/** Half of the finest step of a stream away from the ends, where the quantile would be infinite. */
const inner = (share: number) => normalQuantile(Math.min(1 - 2 ** -33, Math.max(2 ** -33, share)));

interface Line {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
}

const lineOf = ({ low, high, log }: Line) =>
  log ? { from: Math.log(low), to: Math.log(high) } : { from: low, to: high };

function onLine(line: Line, share: number): number {
  const { from, to } = lineOf(line);
  const value = from + (to - from) * share;
  // Rounding must not lead out of the bounds.
  return Math.min(line.high, Math.max(line.low, line.log ? Math.exp(value) : value));
}

/** Half a step beyond the bounds, so that the first and the last number get their whole share. */
const roundedLineOf = ({ low, high }: Line) => ({
  from: Math.log(low - 0.5),
  to: Math.log(high + 0.5),
});

function onRoundedLine(line: Line, share: number): number {
  const { from, to } = roundedLineOf(line);
  const value = Math.round(Math.exp(from + (to - from) * share));
  return Math.min(line.high, Math.max(line.low, value));
}

const ladder = (distribution: Distribution) =>
  distribution.type === 'float' || distribution.type === 'int'
    ? { low: distribution.low, step: distribution.step ?? 1 }
    : { low: 0, step: 1 };

function onSteps(distribution: Distribution, share: number): number {
  const count = countOf(distribution);
  return rung(distribution, Math.min(count - 1, Math.max(0, Math.floor(share * count))));
}

/** 0.1 + 2 · 0.1 is 0.30000000000000004; 0.3 is meant. */
function rung(distribution: Distribution, index: number): number {
  const { low, step } = ladder(distribution);
  return Number((low + index * step).toPrecision(14));
}

/** In rising order; none where there are no steps, which could not be listed. */
export function allCoordinates(distribution: Distribution): readonly number[] {
  const count = countOf(distribution);
  if (!Number.isFinite(count)) return [];
  return Array.from({ length: count }, (_, index) => rung(distribution, index));
}
