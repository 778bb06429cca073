/** @file The coordinates that a dimension can have, where they can be counted. */
import type { Distribution } from '../spec/space/search-space.ts';

/** In rising order; a range of any number has none that could be listed, which the spec's check refuses. */
export function countedCoordinates(distribution: Distribution): readonly number[] {
  switch (distribution.type) {
    case 'category':
      return Array.from({ length: distribution.count }, (_, index) => index);
    case 'ordinal':
      return distribution.levels.map((_, index) => index);
    case 'int':
      return stepsOf(distribution.low, distribution.high, distribution.step);
    case 'float':
      return distribution.step === null
        ? []
        : stepsOf(distribution.low, distribution.high, distribution.step);
    case 'normal':
      return [];
    default:
      return distribution satisfies never;
  }
}

/** A last step that a rounding error moved past the end counts. */
function stepsOf(low: number, high: number, step: number): readonly number[] {
  const count = Math.floor((high - low) / step + 1e-9) + 1;
  return Array.from({ length: count }, (_, index) => low + index * step);
}
