/** @file Functions with known minima that samplers are tried on. `test/fixtures/optuna-traces.py` has the same ones. */
import type { RandomStream } from '../../../src/plan/random.ts';
import {
  buildPoint,
  type Condition,
  type Dimension,
  type Distribution,
  type Point,
  type SearchSpace,
} from '../../../src/spec/space/search-space.ts';

export interface TestFunction {
  readonly name: string;
  readonly space: SearchSpace;
  /** Without noise; to be minimised. */
  value(point: Point): number;
  /** What an experiment would show: with noise where the function has some. */
  evaluate(point: Point, noise: RandomStream): number;
  readonly minimum: number;
  /** Greatest less least value over the domain, without noise. */
  readonly range: number;
  /** Median of the values of points drawn uniformly, less the minimum: a scale without the domain's steep edges. */
  readonly typical: number;
}

export const dimension = (
  name: string,
  distribution: Distribution,
  when: readonly Condition[] = [],
): Dimension => ({ name, distribution, when });
export const float = (low: number, high: number, log = false): Distribution => ({
  type: 'float',
  low,
  high,
  log,
  step: null,
});

/** Coordinates x0, x1, … of a point. */
const vector = (point: Point, length: number) =>
  Array.from({ length }, (_, index) => point[`x${index}`] ?? Number.NaN);

type Plain = Omit<TestFunction, 'evaluate'>;
const withoutNoise = (plain: Plain): TestFunction => ({ ...plain, evaluate: plain.value });

/** Branin 1972, as in Dixon, Szegö 1978: three minima of the same depth. */
export const branin = withoutNoise({
  name: 'branin',
  space: { dimensions: [dimension('x0', float(-5, 10)), dimension('x1', float(0, 15))] },
  value(point) {
    const [x = 0, y = 0] = vector(point, 2);
    const bend = y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 / Math.PI) * x - 6;
    return bend ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
  },
  minimum: 0.397887,
  range: 307.731,
  typical: 34.6,
});

const hartmannScales = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const hartmannCentres = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];
const hartmannDepths = [1, 1.2, 3, 3.2];

/** Hartmann 1972 in six dimensions, as in Dixon, Szegö 1978: six minima, one of them the deepest. */
export const hartmann6 = withoutNoise({
  name: 'hartmann6',
  space: { dimensions: Array.from({ length: 6 }, (_, axis) => dimension(`x${axis}`, float(0, 1))) },
  value(point) {
    const x = vector(point, 6);
    return -hartmannDepths.reduce((sum, depth, well) => {
      const distance = x.reduce((total, coordinate, axis) => {
        const centre = hartmannCentres[well]?.[axis] ?? Number.NaN;
        return total + (hartmannScales[well]?.[axis] ?? Number.NaN) * (coordinate - centre) ** 2;
      }, 0);
      return sum + depth * Math.exp(-distance);
    }, 0);
  },
  minimum: -3.322368,
  range: 3.322368,
  typical: 3.219,
});

/** Rosenbrock 1960 in five dimensions, on the domain of De Jong 1975: a long bent valley. */
export const rosenbrock5 = withoutNoise({
  name: 'rosenbrock5',
  space: {
    dimensions: Array.from({ length: 5 }, (_, axis) => dimension(`x${axis}`, float(-2.048, 2.048))),
  },
  value(point) {
    const x = vector(point, 5);
    return x.slice(1).reduce((sum, next, axis) => {
      const here = x[axis] ?? Number.NaN;
      return sum + 100 * (next - here ** 2) ** 2 + (1 - here) ** 2;
    }, 0);
  },
  minimum: 0,
  range: 15623.4,
  typical: 1650,
});

const kind = (...values: readonly number[]): readonly Condition[] => [{ on: 'kind', values }];

/** Like the training of a network: an optimizer with its own learning rate and the usual settings beside it. */
const noiseless: Plain = {
  name: 'mixed',
  space: {
    dimensions: [
      dimension('kind', { type: 'category', count: 3 }),
      dimension('adamRate', float(1e-5, 0.1, true), kind(0)),
      dimension('sgdRate', float(1e-4, 1, true), kind(1)),
      dimension('momentumRate', float(1e-4, 1, true), kind(2)),
      dimension('momentum', float(0, 0.99), kind(2)),
      dimension('layers', { type: 'int', low: 1, high: 6, log: false, step: 1 }),
      dimension('batch', { type: 'ordinal', levels: [16, 32, 64, 128, 256] }),
      dimension('dropout', float(0, 0.8)),
    ],
  },
  value(point) {
    const { layers = 0, batch = 0, dropout = 0 } = point;
    const others = 0.01 * (layers - 3) ** 2 + 0.02 * (batch - 2) ** 2 + 0.2 * (dropout - 0.2) ** 2;
    return others + rateLoss(point);
  },
  minimum: 0.18,
  range: 1.403,
  typical: 0.2346,
};

/** Of the optimizer and its own settings: 0.18 at best. */
export function rateLoss(point: Point) {
  const { kind, adamRate = 0, sgdRate = 0, momentumRate = 0, momentum = 0 } = point;
  if (kind === 0) return 0.2 + 0.08 * (Math.log10(adamRate) + 3) ** 2;
  if (kind === 1) return 0.24 + 0.1 * (Math.log10(sgdRate) + 1) ** 2;
  // The rate in effect is what counts, and some momentum helps.
  const effective = Math.log10(momentumRate / (1 - momentum));
  return 0.18 + 0.12 * (effective + 1) ** 2 + 0.1 * (momentum - 0.9) ** 2;
}

/** Standard deviation 0.02, the gap between the best and the second best optimizer. */
export const mixed: TestFunction = {
  ...noiseless,
  evaluate: (point, noise) => noiseless.value(point) + 0.02 * gaussian(noise),
};

/** Box, Muller 1958. */
const gaussian = (stream: RandomStream) =>
  Math.sqrt(-2 * Math.log(1 - stream.next())) * Math.cos(2 * Math.PI * stream.next());

/** A point drawn from the space without regard to anything. */
export const drawPlainly = (space: SearchSpace, stream: RandomStream): Point =>
  buildPoint(space, ({ distribution }) => {
    if (distribution.type === 'category') return stream.integer(distribution.count);
    if (distribution.type === 'ordinal') return stream.integer(distribution.levels.length);
    if (distribution.type === 'normal') {
      return distribution.mean + distribution.standardDeviation * gaussian(stream);
    }
    const { low, high, log, step } = distribution;
    if (log) {
      const drawn = Math.exp(Math.log(low) + (Math.log(high) - Math.log(low)) * stream.next());
      return distribution.type === 'int' ? Math.round(drawn) : Math.min(high, Math.max(low, drawn));
    }
    if (step === null) return low + (high - low) * stream.next();
    return low + step * stream.integer(Math.floor((high - low) / step + 1e-9) + 1);
  });

export const testFunctions: readonly TestFunction[] = [branin, hartmann6, rosenbrock5, mixed];
