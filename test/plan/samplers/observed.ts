/** @file Points that were tried, for samplers to learn from. */
import type { Observation } from '../../../src/plan/define-sampler.ts';
import { rng } from '../../../src/plan/random.ts';
import type { Point, SearchSpace } from '../../../src/spec/space/search-space.ts';
import { drawPlainly } from './functions.ts';

export function observed(
  space: SearchSpace,
  length: number,
  value: (point: Point) => readonly number[] | null,
): readonly Observation[] {
  const stream = rng(7, 'observed');
  return Array.from({ length }, () => {
    const point = drawPlainly(space, stream);
    return { point, values: value(point), progress: 1 };
  });
}
