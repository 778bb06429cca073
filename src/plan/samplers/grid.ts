/** @file Grid search: every combination of the listed values, the first path changing slowest. */
import { Type } from 'typebox';
import { isActive, type Point, type SearchSpace } from '../../spec/space/search-space.ts';
import { defineSampler } from '../define-sampler.ts';
import { allCoordinates } from './unit-interval.ts';

export const grid = defineSampler({
  name: 'grid',
  summary: 'Every combination of the listed values; lists under `zip` run side by side.',
  options: Type.Object({}, { additionalProperties: false }),
  usesHistory: false,
  ends: true,
  propose: ({ space, index }) => pointsOf(space)[index] ?? null,
});

/** A space's points, made once. */
const known = new WeakMap<SearchSpace, readonly Point[]>();

function pointsOf(space: SearchSpace): readonly Point[] {
  const points = known.get(space) ?? allPoints(space);
  known.set(space, points);
  return points;
}

/** Where a dimension is not there, it multiplies nothing: no point comes twice. */
function allPoints({ dimensions }: SearchSpace): readonly Point[] {
  return dimensions.reduce<readonly Point[]>(
    (points, dimension) =>
      points.flatMap((point) =>
        isActive(dimension, point)
          ? allCoordinates(dimension.distribution).map((coordinate) => ({
              ...point,
              [dimension.name]: coordinate,
            }))
          : [point],
      ),
    [{}],
  );
}
