/** @file The space that a sampler draws from: numbers only, so that a sampler knows nothing of specs. */

/** What one coordinate of a point may be. Bounds are included. */
export type Distribution =
  /** One of `count` settings without an order; the coordinate is its index, from 0. */
  | { readonly type: 'category'; readonly count: number }
  /** One of these numbers, in rising order; the coordinate is its index, from 0. */
  | { readonly type: 'ordinal'; readonly levels: readonly number[] }
  /** Uniform, of its logarithm where `log`; with a `step`, one of low, low + step, … (never with `log`). */
  | {
      readonly type: 'float';
      readonly low: number;
      readonly high: number;
      readonly log: boolean;
      readonly step: number | null;
    }
  /** A whole number: low, low + step, …; the step is 1 where `log`. */
  | {
      readonly type: 'int';
      readonly low: number;
      readonly high: number;
      readonly log: boolean;
      readonly step: number;
    }
  | { readonly type: 'normal'; readonly mean: number; readonly standardDeviation: number };

/** A dimension is there only where another one has one of these coordinates. */
export interface Condition {
  /** Name of a dimension that stands before this one. */
  readonly on: string;
  readonly values: readonly number[];
}

export interface Dimension {
  readonly name: string;
  readonly distribution: Distribution;
  /** All have to hold; a condition on a dimension that is not there does not. */
  readonly when: readonly Condition[];
}

/** Dimensions in an order in which conditions speak of earlier ones only. */
export interface SearchSpace {
  readonly dimensions: readonly Dimension[];
}

/** Coordinates by the dimension's name; dimensions whose conditions do not hold are left out. */
export type Point = Readonly<Record<string, number>>;

/** Whether a dimension is there, given the coordinates of those before it. */
export const isActive = ({ when }: Dimension, point: Point): boolean =>
  when.every(({ on, values }) => {
    const coordinate = point[on];
    return coordinate !== undefined && values.includes(coordinate);
  });

/** Builds a point, dimension by dimension, from a function for the coordinates. */
export function buildPoint(
  { dimensions }: SearchSpace,
  coordinate: (dimension: Dimension) => number,
): Point {
  const point: Record<string, number> = {};
  for (const dimension of dimensions) {
    if (isActive(dimension, point)) point[dimension.name] = coordinate(dimension);
  }
  return point;
}

/** The same for equal points. */
export const pointKey = (point: Point): string =>
  JSON.stringify(Object.entries(point).sort(([one], [other]) => (one < other ? -1 : 1)));
