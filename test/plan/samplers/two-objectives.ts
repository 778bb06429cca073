/** @file Problems with two objectives that samplers are tried on. `test/fixtures/optuna-traces.py` has the same ones. */
import type { Condition, Point, SearchSpace } from '../../../src/spec/space/search-space.ts';
import { dimension, float, rateLoss } from './functions.ts';

export interface FrontProblem {
  readonly name: string;
  readonly space: SearchSpace;
  /** Both to be minimised. */
  values(point: Point): readonly [number, number];
  /** What is worse than this counts nothing: hypervolumes are measured from here. */
  readonly reference: readonly [number, number];
  /** No objective can be less. */
  readonly ideal: readonly [number, number];
  /** The hypervolume of all best trade-offs less the median one of a hundred points at random: a narrower scale. */
  readonly typical: number;
}

const kind = (value: number): readonly Condition[] => [{ on: 'kind', values: [value] }];

/** Zitzler, Deb, Thiele 2000, with six coordinates: the best trade-offs have zeros but for the first. */
export const zdt1: FrontProblem = {
  name: 'zdt1',
  space: { dimensions: Array.from({ length: 6 }, (_, axis) => dimension(`x${axis}`, float(0, 1))) },
  values(point) {
    const [x = 0, ...others] = Array.from({ length: 6 }, (_, axis) => point[`x${axis}`] ?? 0);
    const distance = 1 + (9 / 5) * others.reduce((sum, value) => sum + value, 0);
    return [x, distance * (1 - Math.sqrt(x / distance))];
  },
  reference: [1.1, 11],
  ideal: [0, 0],
  typical: 2.149,
};

/** Binh, Korn 1997, without its constraints. */
export const binhKorn: FrontProblem = {
  name: 'binhKorn',
  space: { dimensions: [dimension('x', float(0, 5)), dimension('y', float(0, 3))] },
  values: ({ x = 0, y = 0 }) => [4 * x ** 2 + 4 * y ** 2, (x - 5) ** 2 + (y - 5) ** 2],
  reference: [140, 50],
  ideal: [0, 4],
  typical: 174.5,
};

/**
 * Like a network that should predict well and be small: larger ones need more dropout, and the
 * optimizers, each with its own learning rate, keep three, one and two numbers for a weight.
 */
export const lossAndSize: FrontProblem = {
  name: 'lossAndSize',
  space: {
    dimensions: [
      dimension('kind', { type: 'category', count: 3 }),
      dimension('adamRate', float(1e-5, 0.1, true), kind(0)),
      dimension('sgdRate', float(1e-4, 1, true), kind(1)),
      dimension('momentumRate', float(1e-4, 1, true), kind(2)),
      dimension('momentum', float(0, 0.99), kind(2)),
      dimension('layers', { type: 'int', low: 1, high: 6, log: false, step: 1 }),
      dimension('width', { type: 'int', low: 8, high: 512, log: true, step: 1 }),
      dimension('dropout', float(0, 0.8)),
    ],
  },
  values(point) {
    const { kind = 0, layers = 0, width = 0, dropout = 0 } = point;
    const capacity = Math.log2(width) + layers;
    const regular = 0.2 * (dropout - (0.4 * (capacity - 4)) / 11) ** 2;
    const loss = 0.5 * Math.exp(-capacity / 5) + regular + rateLoss(point);
    return [loss, Math.log10(layers * width ** 2 * ([3, 1, 2][kind] ?? Number.NaN))];
  },
  reference: [0.8, 6.7],
  ideal: [0.2, 1.8],
  typical: 0.4415,
};

export const frontProblems: readonly FrontProblem[] = [zdt1, binhKorn, lossAndSize];
