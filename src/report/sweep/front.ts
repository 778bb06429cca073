/** @file Which choices no other beats, and what a point adds to the volume of others; every number is a cost. */
import { hypervolume, type Objectives, paretoFront } from '../../plan/pareto.ts';

/** The places of those that nothing dominates; a point with a cost that is no finite number is never among them. */
export function frontOf(points: readonly Objectives[]): readonly number[] {
  const places = [...points.keys()].filter((place) => points[place]?.every(Number.isFinite));
  const front = paretoFront(places.map((place) => points[place] ?? []));
  return front.flatMap((index) => places[index] ?? []);
}

/** What a point adds to the volume of others. */
export function addedVolume(
  point: Objectives,
  others: readonly Objectives[],
  reference: Objectives,
): number {
  const whole = hypervolume([point], reference);
  if (whole === 0) return 0;
  // Of the others only what lies within the point's own box is taken from it.
  const shared = others.map((other) =>
    other.map((cost, axis) => Math.max(cost, point[axis] ?? cost)),
  );
  return Math.max(0, whole - hypervolume(shared, reference));
}
