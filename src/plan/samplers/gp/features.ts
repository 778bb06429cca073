/** @file Points as numbers between 0 and 1, which the process compares, and back. */

import {
  buildPoint,
  type Dimension,
  isActive,
  type Point,
  type SearchSpace,
} from '../../../spec/space/search-space.ts';
import type { RandomStream } from '../../random.ts';
import { cellOf, coordinateAt, countOf } from '../unit-interval.ts';

/**
 * A place in all dimensions at once, also in those that are not there: shares of the unit
 * interval. Not rounded, so that a search can move a little at a time.
 */
export type Place = Float64Array;

/** One dimension between 0 and 1. */
export interface Axis {
  readonly dimension: Dimension;
  readonly category: boolean;
  /** How many settings there are; infinite without steps. */
  readonly count: number;
  /** Where searches stay. */
  readonly low: number;
  readonly high: number;
}

/** One number of a compared row. A number that can be away has a second one that says so. */
export interface Column {
  readonly axis: number;
  readonly category: boolean;
}

export interface Layout {
  readonly space: SearchSpace;
  readonly axes: readonly Axis[];
  readonly columns: readonly Column[];
}

export function layOut(space: SearchSpace): Layout {
  const axes = space.dimensions.map((dimension): Axis => {
    const { type } = dimension.distribution;
    // Three standard deviations: the tails of a normal distribution go on for ever.
    const low = type === 'normal' ? 0.00135 : 0;
    const count = countOf(dimension.distribution);
    return { dimension, category: type === 'category', count, low, high: 1 - low };
  });
  const columns = axes.flatMap(({ category, dimension }, axis) => {
    const own = { axis, category };
    // A category away is a category more; a number away stands in the middle, off the line.
    return category || dimension.when.length === 0 ? [own] : [own, { axis, category: false }];
  });
  return { space, axes, columns };
}

/** The middle of what stands for a coordinate. */
export function positionOf({ dimension }: Axis, coordinate: number): number {
  const { low, high } = cellOf(dimension.distribution, coordinate);
  return (low + high) / 2;
}

/** All settings of an axis with steps, or those at most `reach` steps away. */
export function settingsNear(axis: Axis, position: number, reach: number): readonly number[] {
  const { distribution } = axis.dimension;
  const here = coordinateAt(distribution, position);
  const { low, step } =
    distribution.type === 'float' || distribution.type === 'int'
      ? { low: distribution.low, step: distribution.step ?? 1 }
      : { low: 0, step: 1 };
  const index = Math.round((here - low) / step);
  const first = Math.max(0, index - reach);
  const last = Math.min(axis.count - 1, index + reach);
  return Array.from({ length: last - first + 1 }, (_, offset) =>
    positionOf(axis, low + step * (first + offset)),
  );
}

export const drawPlace = ({ axes }: Layout, stream: RandomStream): Place =>
  Float64Array.from(axes, () => stream.next());

export function pointAt({ space, axes }: Layout, place: Place): Point {
  let next = 0;
  return buildPoint(space, ({ name, distribution }) => {
    while (axes[next]?.dimension.name !== name) next += 1;
    return coordinateAt(distribution, place[next] as number);
  });
}

/** The place of a point; dimensions that are not there are filled from `otherwise`. */
export const placeOf = ({ axes }: Layout, point: Point, otherwise: Place): Place =>
  Float64Array.from(axes, (axis, index) => {
    const coordinate = point[axis.dimension.name];
    return coordinate === undefined ? (otherwise[index] as number) : positionOf(axis, coordinate);
  });

/** What the process compares: the same for places that are one point. */
export function rowOf({ axes, columns }: Layout, point: Point): Float64Array {
  return Float64Array.from(columns, ({ axis, category }, column) => {
    const each = axes[axis] as Axis;
    const coordinate = point[each.dimension.name];
    if (columns[column - 1]?.axis === axis) return coordinate === undefined ? 0.5 : 0;
    if (category) return coordinate ?? -1;
    return coordinate === undefined ? 0.5 : positionOf(each, coordinate);
  });
}

/** Whether each dimension is there. */
export const presentAt = ({ axes }: Layout, point: Point): readonly boolean[] =>
  axes.map(({ dimension }) => isActive(dimension, point));

/** Box, Muller 1958. */
export const gaussian = (stream: RandomStream): number =>
  Math.sqrt(-2 * Math.log(1 - stream.next())) * Math.cos(2 * Math.PI * stream.next());
