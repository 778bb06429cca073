/** @file Search spaces at random, for properties of samplers. */
import fc from 'fast-check';
import {
  type Condition,
  type Dimension,
  type Distribution,
  isActive,
  type Point,
  type SearchSpace,
} from '../../../src/spec/space/search-space.ts';

/** With a prototype, so that a copy is deeply equal. */
export const plainRecord = <Fields>(model: { [K in keyof Fields]: fc.Arbitrary<Fields[K]> }) =>
  fc.record<Fields>(model, { noNullPrototype: true });

const bounds = (low: number, high: number) =>
  fc
    .tuple(
      fc.double({ min: low, max: high, noNaN: true }),
      fc.double({ min: low, max: high, noNaN: true }),
    )
    .map(([one, other]) => ({ low: Math.min(one, other), high: Math.max(one, other) }));

const anyDistribution: fc.Arbitrary<Distribution> = fc.oneof(
  plainRecord({ type: fc.constant('category' as const), count: fc.integer({ min: 1, max: 5 }) }),
  plainRecord({
    type: fc.constant('ordinal' as const),
    levels: fc.constantFrom([3], [16, 32, 64], [0.1, 0.2, 0.5, 1]),
  }),
  bounds(-1e3, 1e3).map((between) => ({
    type: 'float' as const,
    ...between,
    log: false,
    step: null,
  })),
  bounds(1e-6, 10).map((between) => ({
    type: 'float' as const,
    ...between,
    log: true,
    step: null,
  })),
  plainRecord({
    first: fc.integer({ min: -20, max: 20 }),
    steps: fc.integer({ min: 0, max: 40 }),
  }).map(({ first, steps }) => ({
    type: 'float' as const,
    low: first / 10,
    high: (first + steps) / 10,
    log: false,
    step: 0.1,
  })),
  plainRecord({
    low: fc.integer({ min: -50, max: 50 }),
    width: fc.integer({ min: 0, max: 100 }),
    step: fc.integer({ min: 1, max: 7 }),
  }).map(({ low, width, step }) => ({
    type: 'int' as const,
    low,
    high: low + width,
    log: false,
    step,
  })),
  plainRecord({
    low: fc.integer({ min: 1, max: 50 }),
    width: fc.integer({ min: 0, max: 1000 }),
  }).map(({ low, width }) => ({
    type: 'int' as const,
    low,
    high: low + width,
    log: true,
    step: 1,
  })),
  plainRecord({
    type: fc.constant('normal' as const),
    mean: fc.double({ min: -5, max: 5, noNaN: true }),
    standardDeviation: fc.double({ min: 0.01, max: 3, noNaN: true }),
  }),
);

/** The condition is on a category before, if the number finds one. */
export const anySpace: fc.Arbitrary<SearchSpace> = fc
  .array(
    plainRecord({
      distribution: anyDistribution,
      on: fc.option(fc.nat(), { freq: 2 }),
      values: fc.subarray([0, 1, 2], { minLength: 1 }),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((drafts) => {
    const dimensions: Dimension[] = [];
    for (const [index, { distribution, on, values }] of drafts.entries()) {
      const switches = dimensions.filter((each) => each.distribution.type === 'category');
      const parent = on === null ? undefined : switches[on % Math.max(1, switches.length)];
      const when: Condition[] = parent ? [{ on: parent.name, values }] : [];
      dimensions.push({ name: `d${index}`, distribution, when });
    }
    return { dimensions };
  });

/** What is wrong with a point, or null. */
export function faultOf({ dimensions }: SearchSpace, point: Point): string | null {
  for (const dimension of dimensions) {
    const { name, distribution } = dimension;
    const value = point[name];
    if (isActive(dimension, point) !== (value !== undefined)) return `${name} and its conditions`;
    if (value !== undefined && !allows(distribution, value)) {
      return `${name}: ${value} is not in ${JSON.stringify(distribution)}`;
    }
  }
  const extra = Object.keys(point).find((name) => !dimensions.some((each) => each.name === name));
  return extra === undefined ? null : `${extra} is no dimension`;
}

function allows(distribution: Distribution, value: number): boolean {
  const whole = (steps: number, count: number) =>
    Math.abs(steps - Math.round(steps)) < 1e-6 && steps > -1e-6 && steps < count - 0.5;
  switch (distribution.type) {
    case 'category':
      return Number.isInteger(value) && whole(value, distribution.count);
    case 'ordinal':
      return Number.isInteger(value) && whole(value, distribution.levels.length);
    case 'normal':
      return Number.isFinite(value);
    case 'int':
    case 'float': {
      const { low, high, step } = distribution;
      const inside = value >= low && value <= high + 1e-9;
      const whole = distribution.type === 'float' || Number.isInteger(value);
      const steps = step === null ? 0 : (value - low) / step;
      return inside && whole && Math.abs(steps - Math.round(steps)) < 1e-6;
    }
    default:
      return distribution satisfies never;
  }
}
