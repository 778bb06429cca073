/** @file The points at which a sweep's models are tried before anything runs. */
import { samplers } from '../plan/index.ts';
import { pointWith, sampleCoordinates } from '../spec/check/sweep-space.ts';
import { chosen, findKind } from '../spec/kind.ts';
import type { ResolvedSpec } from '../spec/schema/experiment.ts';
import type { Point } from '../spec/space/search-space.ts';
import type { SweepSpace } from '../spec/space/sweep-points.ts';
import { allPoints, maximalChoices } from './proposer.ts';

const manyPoints = 1000;

/** All points of a small grid; of another space each value of a list, and the ends of each range. */
export function typicalPoints(spec: ResolvedSpec, space: SweepSpace): readonly Point[] {
  const sampler = findKind(samplers, chosen(spec.sweep.method).name);
  const most = Math.min(maximalChoices(spec), manyPoints + 1);
  const grid = sampler.ends ? allPoints({ spec, sampler, space, objectives: 1 }, most) : [];
  if (grid.length > 0 && grid.length <= manyPoints) return grid;
  return space.dimensions.flatMap((axis) =>
    sampleCoordinates(axis.distribution).map((coordinate) => pointWith(space, axis, coordinate)),
  );
}
