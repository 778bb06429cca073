/** @file A minimum inside a box: L-BFGS on the coordinates that no bound holds. */

/** Writes the gradient at x and returns the value; may be infinite or NaN where it is not defined. */
export type Smooth = (x: Float64Array, gradient: Float64Array) => number;

export interface Box {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
}

interface Place extends Minimum {
  readonly gradient: Float64Array;
}

/** A step and the change of the gradient along it. */
interface Curvature {
  readonly step: Float64Array;
  readonly change: Float64Array;
}

const memory = 8;

/**
 * Limited-memory BFGS (Nocedal 1980) with backtracking along the projected path (Bertsekas 1982):
 * coordinates at a bound that the gradient presses against stay there for the step.
 */
export function minimise(f: Smooth, start: Float64Array, box: Box, iterations: number): Minimum {
  let place = evaluate(f, inside(start, box));
  let curvatures: readonly Curvature[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) {
    const free = freeGradient(place, box);
    if (largest(free) < 1e-6) break;
    let next = search(f, place, direction(free, curvatures), free, box);
    if (next === null && curvatures.length > 0) {
      // The model of the curvature misled us: once more, straight down.
      curvatures = [];
      next = search(f, place, direction(free, curvatures), free, box);
    }
    if (next === null) break;
    const gain = place.value - next.value;
    curvatures = remember(curvatures, place, next);
    place = next;
    if (gain < 1e-6 * (1 + Math.abs(place.value))) break;
  }
  return place;
}

function evaluate(f: Smooth, x: Float64Array): Place {
  const gradient = new Float64Array(x.length);
  return { x, value: f(x, gradient), gradient };
}

const inside = (x: Float64Array, { lower, upper }: Box) =>
  x.map((value, index) =>
    Math.min(upper[index] as number, Math.max(lower[index] as number, value)),
  );

const freeGradient = ({ x, gradient }: Place, { lower, upper }: Box) =>
  gradient.map((slope, index) => {
    const held = slope > 0 ? x[index] === lower[index] : x[index] === upper[index];
    return held ? 0 : slope;
  });

/** Halves the step until the value has fallen by a part of what the slope promised (Armijo 1966). */
function search(
  f: Smooth,
  place: Place,
  towards: Float64Array,
  free: Float64Array,
  box: Box,
): Place | null {
  if (!(dot(towards, free) < 0)) return null;
  for (let length = 1, tries = 0; tries < 20; tries++, length /= 2) {
    const x = inside(
      place.x.map((value, index) => value + length * (towards[index] as number)),
      box,
    );
    const promised = x.reduce(
      (sum, value, index) =>
        sum + (value - (place.x[index] as number)) * (place.gradient[index] as number),
      0,
    );
    const next = evaluate(f, x);
    if (promised < 0 && next.value <= place.value + 1e-4 * promised) return next;
  }
  return null;
}

/** The two-loop recursion; held coordinates do not move. The first step is no longer than one. */
function direction(free: Float64Array, curvatures: readonly Curvature[]): Float64Array {
  const result = free.map((slope) => -slope);
  const last = curvatures[curvatures.length - 1];
  if (!last) return result.map((value) => value / Math.max(1, largest(free)));
  const weights = curvatures.map(() => 0);
  for (let index = curvatures.length - 1; index >= 0; index--) {
    const { step, change } = curvatures[index] as Curvature;
    weights[index] = dot(step, result) / dot(step, change);
    add(result, change, -(weights[index] as number));
  }
  const scale = dot(last.step, last.change) / dot(last.change, last.change);
  for (let index = 0; index < result.length; index++) {
    result[index] = (result[index] as number) * scale;
  }
  for (const [index, { step, change }] of curvatures.entries()) {
    add(result, step, (weights[index] as number) - dot(change, result) / dot(step, change));
  }
  return result.map((value, index) => (free[index] === 0 ? 0 : value));
}

function remember(all: readonly Curvature[], from: Place, to: Place): readonly Curvature[] {
  const step = to.x.map((value, index) => value - (from.x[index] as number));
  const change = to.gradient.map((value, index) => value - (from.gradient[index] as number));
  // Where the value does not curve upwards the model would have no minimum.
  if (!(dot(step, change) > 1e-10 * dot(change, change))) return all;
  return [...all, { step, change }].slice(-memory);
}

const largest = (vector: Float64Array) =>
  vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++) {
    sum += (one[index] as number) * (other[index] as number);
  }
  return sum;
}

function add(target: Float64Array, vector: Float64Array, scale: number): void {
  for (let index = 0; index < target.length; index++) {
    target[index] = (target[index] as number) + scale * (vector[index] as number);
  }
}
