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
  /** Adds each kernel's logarithm at a cell: its mass there, or its density where the cell is a point. */
  addTo(terms: Float64Array, cell: Cell): void;
}

export interface Mixture {
  /** Logarithms of the kernels' weights, which sum to one. */
  readonly logWeights: Float64Array;
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
    logWeights: Float64Array.from(weights, (weight) => Math.log(weight / total)),
    axes: distributions.map((distribution, axis) => {
      const cells = points.map((point) => point[axis] as Cell);
      return distribution.type === 'category'
        ? categoryAxis(distribution.count, cells, priorWeight)
        : lineAxis(cells);
    }),
  };
}

/** Draws a point: a kernel by its weight, then a share of each dimension. */
export function drawFrom({ logWeights, axes }: Mixture, stream: RandomStream): readonly number[] {
  let left = stream.next();
  let kernel = 0;
  while (kernel < logWeights.length - 1) {
    left -= Math.exp(logWeights[kernel] as number);
    if (left < 0) break;
    kernel++;
  }
  return axes.map((axis) => axis.draw(kernel, stream));
}

/** Logarithm of the mixture at a point. */
export function logAt({ logWeights, axes }: Mixture, cells: Cells): number {
  const terms = Float64Array.from(logWeights);
  for (const [index, axis] of axes.entries()) axis.addTo(terms, cells[index] as Cell);
  let greatest = Number.NEGATIVE_INFINITY;
  for (const term of terms) if (term > greatest) greatest = term;
  let sum = 0;
  for (const term of terms) sum += Math.exp(term - greatest);
  return greatest + Math.log(sum);
}

/** Aitchison, Aitken 1976: most at the observed setting, the rest over all. */
function categoryAxis(count: number, cells: readonly Cell[], priorWeight: number): Axis {
  const indexOf = ({ low }: Cell) => Math.round(low * count);
  const observed = Int32Array.from(cells, indexOf);
  const each = priorWeight / (cells.length + 1);
  const total = 1 + count * each;
  const [logHit, logMiss] = [Math.log((1 + each) / total), Math.log(each / total)];
  return {
    draw(kernel, stream) {
      const setting = observed[kernel];
      const whole = setting === undefined || stream.next() * total < count * each;
      return whole ? stream.next() : (setting + 0.5) / count;
    },
    addTo(terms, cell) {
      const setting = indexOf(cell);
      for (let kernel = 0; kernel < observed.length; kernel++) {
        terms[kernel] =
          (terms[kernel] as number) + (observed[kernel] === setting ? logHit : logMiss);
      }
      terms[observed.length] = (terms[observed.length] as number) - Math.log(count);
    },
  };
}

/** Normal curves cut off at the ends of the unit interval. */
function lineAxis(cells: readonly Cell[]): Axis {
  const centres = Float64Array.from(cells, ({ low, high }) => (low + high) / 2);
  const widths = widthsOf(centres);
  const below = centres.map((centre, kernel) => normalBelow(-centre / (widths[kernel] as number)));
  const mass = centres.map((centre, kernel) => {
    return normalBelow((1 - centre) / (widths[kernel] as number)) - (below[kernel] as number);
  });
  const known = new Map<number, Float64Array>();
  return {
    draw(kernel, stream) {
      const centre = centres[kernel];
      if (centre === undefined) return stream.next();
      const share = (below[kernel] as number) + (mass[kernel] as number) * stream.next();
      const drawn = centre + (widths[kernel] as number) * normalQuantile(share);
      return Math.min(1, Math.max(0, drawn));
    },
    addTo(terms, cell) {
      const logs = known.get(cell.low) ?? logsAt(cell, { centres, widths, mass });
      if (cell.high > cell.low) known.set(cell.low, logs);
      for (let kernel = 0; kernel < terms.length; kernel++) {
        terms[kernel] = (terms[kernel] as number) + (logs[kernel] as number);
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

/** The curves' logarithms at a cell, and that of the even density. */
function logsAt({ low, high }: Cell, { centres, widths, mass }: Curves): Float64Array {
  const logs = new Float64Array(centres.length + 1);
  const point = low === high;
  for (let kernel = 0; kernel < centres.length; kernel++) {
    const centre = centres[kernel] as number;
    const scale = 1 / (widths[kernel] as number);
    const from = (low - centre) * scale;
    const inside = point
      ? Math.exp(from * from * -0.5) * scale * heightOfCurve
      : normalBelow((high - centre) * scale) - normalBelow(from);
    // Nothing is impossible: what underflows is left to the kernel over the whole space.
    logs[kernel] = Math.log(Math.max(inside / (mass[kernel] as number), 1e-300));
  }
  logs[centres.length] = point ? 0 : Math.log(high - low);
  return logs;
}

const heightOfCurve = 1 / Math.sqrt(2 * Math.PI);

/**
 * As wide as the wider gap to a neighbour (Bergstra et al. 2011), at least 1 / (n + 2) so that a
 * cluster keeps looking around itself, and at least a hundredth.
 */
function widthsOf(centres: Float64Array): Float64Array {
  const count = centres.length;
  const order = Uint32Array.from(centres.keys()).sort(
    (one, other) => (centres[one] as number) - (centres[other] as number) || one - other,
  );
  const least = 1 / Math.min(100, count + 2);
  const widths = new Float64Array(count).fill(1);
  if (count < 2)
    return widths.map(() => Math.max(least, centres[0] as number, 1 - (centres[0] as number)));
  for (const [place, kernel] of order.entries()) {
    const centre = centres[kernel] as number;
    const left = place > 0 ? centre - (centres[order[place - 1] as number] as number) : 0;
    const right = place < count - 1 ? (centres[order[place + 1] as number] as number) - centre : 0;
    widths[kernel] = Math.max(least, left, right);
  }
  return widths;
}
