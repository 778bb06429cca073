/** @file Parzen estimators of TPE: a mixture of kernels, one at each observed point and one over the whole space. */

import type { Distribution } from '../../spec/space/search-space.ts';
import type { RandomStream } from '../random.ts';
import { normalBelow, normalQuantile } from './normal-curve.ts';
import type { Cell } from './unit-interval.ts';

/** A point of some dimensions: its cell in each of them. */
export type Cells = readonly Cell[];

/** The kernels of one dimension, the last one being the one over the whole space. */
interface Axis {
  /** Share of the unit interval that is drawn from a kernel. */
  draw(kernel: number, stream: RandomStream): number;
  /** Multiplies each kernel's term with its density, which is 1 where it is even, averaged over the cell. */
  multiply(terms: Float64Array, cell: Cell): void;
}

export interface Mixture {
  /** Of the kernels; they sum to one. */
  readonly weights: Float64Array;
  readonly axes: readonly Axis[];
}

export interface MixtureRequest {
  readonly distributions: readonly Distribution[];
  readonly points: readonly Cells[];
  /** Relative to one another. */
  readonly weights: readonly number[];
  /** Weight of the kernel over the whole space. */
  readonly priorWeight: number;
}

/** Every kernel is a product over the dimensions, so that they are seen together. */
export function mixtureOf(request: MixtureRequest): Mixture {
  const { distributions, points, priorWeight } = request;
  const weights = [...request.weights, priorWeight];
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    weights: Float64Array.from(weights, (weight) => weight / total),
    axes: distributions.map((distribution, axis) => {
      const cells = points.map((point) => point[axis] as Cell);
      return distribution.type === 'category'
        ? categoryAxis(distribution.count, cells, priorWeight)
        : lineAxis(cells);
    }),
  };
}

/** Draws a point: a kernel by its weight, then a share of each dimension. */
export function drawFrom({ weights, axes }: Mixture, stream: RandomStream): readonly number[] {
  let left = stream.next();
  let kernel = 0;
  while (kernel < weights.length - 1) {
    left -= weights[kernel] as number;
    if (left < 0) break;
    kernel++;
  }
  return axes.map((axis) => axis.draw(kernel, stream));
}

/** How dense the mixture is at a point, where 1 is even. The kernel over the whole space keeps it from 0. */
export function densityAt({ weights, axes }: Mixture, cells: Cells): number {
  const terms = weights.slice();
  for (let axis = 0; axis < axes.length; axis++) {
    (axes[axis] as Axis).multiply(terms, cells[axis] as Cell);
  }
  let sum = 0;
  for (let kernel = 0; kernel < terms.length; kernel++) sum += terms[kernel] as number;
  return sum;
}

/** With 1, a category is soon stuck to the setting that was lucky first. */
const openness = 6;

/** Aitchison, Aitken 1976: most at the observed setting, the rest over all. */
function categoryAxis(count: number, cells: readonly Cell[], priorWeight: number): Axis {
  const indexOf = ({ low }: Cell) => Math.round(low * count);
  const observed = Int32Array.from(cells, indexOf);
  const each = (openness * priorWeight) / (cells.length + 1);
  const total = 1 + count * each;
  return {
    draw(kernel, stream) {
      const setting = observed[kernel];
      const whole = setting === undefined || stream.next() * total < count * each;
      return whole ? stream.next() : (setting + 0.5) / count;
    },
    multiply(terms, cell) {
      const setting = indexOf(cell);
      for (let kernel = 0; kernel < observed.length; kernel++) {
        const hit = observed[kernel] === setting ? 1 : 0;
        terms[kernel] = ((terms[kernel] as number) * (hit + each) * count) / total;
      }
    },
  };
}

/** Normal curves cut off at the ends of the unit interval. */
function lineAxis(cells: readonly Cell[]): Axis {
  const centres = Float64Array.from(cells, ({ low, high }) => (low + high) / 2);
  const widths = widthsOf(centres);
  const below = new Float64Array(centres.length);
  const mass = new Float64Array(centres.length);
  for (let kernel = 0; kernel < centres.length; kernel++) {
    const [centre, width] = [centres[kernel] as number, widths[kernel] as number];
    below[kernel] = normalBelow(-centre / width);
    mass[kernel] = normalBelow((1 - centre) / width) - (below[kernel] as number);
  }
  const known = new Map<number, Float64Array>();
  return {
    draw(kernel, stream) {
      const centre = centres[kernel];
      if (centre === undefined) return stream.next();
      const share = (below[kernel] as number) + (mass[kernel] as number) * stream.next();
      const drawn = centre + (widths[kernel] as number) * normalQuantile(share);
      return Math.min(1, Math.max(0, drawn));
    },
    multiply(terms, cell) {
      const found = known.get(cell.low) ?? densities(cell, { centres, widths, mass });
      // Cells come again, other points hardly ever.
      if (cell.high > cell.low) known.set(cell.low, found);
      for (let kernel = 0; kernel < found.length; kernel++) {
        terms[kernel] = (terms[kernel] as number) * (found[kernel] as number);
      }
    },
  };
}

interface Curves {
  readonly centres: Float64Array;
  readonly widths: Float64Array;
  /** Inside of the unit interval. */
  readonly mass: Float64Array;
}

const heightOfCurve = 1 / Math.sqrt(2 * Math.PI);

function densities({ low, high }: Cell, { centres, widths, mass }: Curves): Float64Array {
  const found = new Float64Array(centres.length);
  for (let kernel = 0; kernel < centres.length; kernel++) {
    const centre = centres[kernel] as number;
    const scale = 1 / (widths[kernel] as number);
    const from = (low - centre) * scale;
    const density =
      low === high
        ? Math.exp(from * from * -0.5) * scale * heightOfCurve
        : (normalBelow((high - centre) * scale) - normalBelow(from)) / (high - low);
    found[kernel] = density / (mass[kernel] as number);
  }
  return found;
}

/**
 * As wide as the wider gap to a neighbour (Bergstra et al. 2011), at least 1 / (n + 2) so that a
 * cluster keeps looking around itself, and at least a hundredth.
 */
function widthsOf(centres: Float64Array): Float64Array {
  const count = centres.length;
  const least = 1 / Math.min(100, count + 2);
  const only = centres[0] ?? 0;
  if (count < 2) return new Float64Array(count).fill(Math.max(only, 1 - only));
  const order = new Uint32Array(count);
  for (let kernel = 0; kernel < count; kernel++) order[kernel] = kernel;
  const at = (place: number) => centres[order[place] as number] as number;
  order.sort((one, other) => (centres[one] as number) - (centres[other] as number));
  const widths = new Float64Array(count);
  for (let place = 0; place < count; place++) {
    const left = place > 0 ? at(place) - at(place - 1) : 0;
    const right = place < count - 1 ? at(place + 1) - at(place) : 0;
    widths[order[place] as number] = Math.max(least, left, right);
  }
  return widths;
}
