import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Observation } from '../../../src/plan/define-sampler.ts';
import { rng } from '../../../src/plan/random.ts';
import {
  factorise,
  inverse,
  solveLower,
  solveUpper,
} from '../../../src/plan/samplers/gp/cholesky.ts';
import { logExpectedImprovement } from '../../../src/plan/samplers/gp/expected-improvement.ts';
import { layOut, pointAt, rowOf } from '../../../src/plan/samplers/gp/features.ts';
import { fit, negativeLogPosterior } from '../../../src/plan/samplers/gp/fit.ts';
import { minimise } from '../../../src/plan/samplers/gp/minimise.ts';
import {
  condition,
  predict,
  predictWithSlopes,
  type Tried,
} from '../../../src/plan/samplers/gp/process.ts';
import {
  kept,
  scalarised,
  standardised,
  withoutHopes,
} from '../../../src/plan/samplers/gp/targets.ts';
import { gp } from '../../../src/plan/samplers/gp.ts';
import {
  isActive,
  type Point,
  pointKey,
  type SearchSpace,
} from '../../../src/spec/space/search-space.ts';
import { branin, drawPlainly, hartmann6, mixed } from './functions.ts';

const close = (actual: number | undefined, expected: number, tolerance = 1e-9) =>
  assert.ok(
    Math.abs((actual ?? Number.NaN) - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );
const options = { startupTrials: 10, candidates: 300 };
const streamOf =
  (seed: number) =>
  (...purpose: readonly (string | number)[]) =>
    rng(seed, ...purpose);

interface Asked {
  readonly space: SearchSpace;
  readonly history: readonly Observation[];
  readonly pending?: readonly Point[];
  readonly index?: number;
  readonly seed?: number;
  readonly objectives?: number;
}

function propose({ space, history, pending = [], seed = 1, objectives = 1, index }: Asked): Point {
  const asked = { space, history, pending, objectives, stream: streamOf(seed), options };
  const point = gp.propose({ ...asked, index: index ?? history.length + pending.length });
  assert.ok(point);
  return point;
}

function observed(
  space: SearchSpace,
  length: number,
  value: (point: Point) => readonly number[] | null,
): readonly Observation[] {
  const stream = rng(7, 'observed');
  return Array.from({ length }, () => {
    const point = drawPlainly(space, stream);
    return { point, values: value(point), progress: 1 };
  });
}

/** The gradient that differences of the value give. */
function differences(f: (x: Float64Array) => number, x: Float64Array, step = 1e-5): Float64Array {
  return x.map((value, index) => {
    const at = (moved: number) => f(x.map((each, other) => (other === index ? moved : each)));
    return (at(value + step) - at(value - step)) / (2 * step);
  });
}

/** Rows of the mixed space with a value each, so that categories and absent axes take part. */
function mixedTried(length: number): Tried {
  const layout = layOut(mixed.space);
  const history = observed(mixed.space, length, (point) => [mixed.value(point)]);
  return {
    columns: layout.columns,
    rows: history.map(({ point }) => rowOf(layout, point)),
    values: Float64Array.from(history, ({ values }) => 4 * (values?.[0] ?? 0) - 2),
  };
}
const kernel = {
  rates: Float64Array.from([0.3, 1, 0.5, -0.2, 0.8, 0.1, -0.4, 0.6]),
  variance: 0.2,
  noise: -4,
};

test('a factor, its solves and the inverse of a matrix by hand', () => {
  // [[4, 2], [2, 5]] = L·Lᵀ with L = [[2, 0], [1, 2]]; its inverse is [[5, -2], [-2, 4]] / 16.
  const factor = Float64Array.from([4, 0, 2, 5]);
  assert.ok(factorise(factor, 2));
  assert.deepEqual([factor[0], factor[2], factor[3]], [2, 1, 2]);
  const vector = Float64Array.from([8, 12]);
  solveLower(factor, 2, vector);
  assert.deepEqual([...vector], [4, 4]);
  solveUpper(factor, 2, vector);
  assert.deepEqual([...vector], [1, 2]);
  const inverted = inverse(factor, 2);
  for (const [place, value] of [
    [0, 5],
    [2, -2],
    [3, 4],
  ] as const) {
    close(inverted[place], value / 16);
  }
  assert.ok(!factorise(Float64Array.from([1, 0, 2, 1]), 2));
});

test('the search in a box finds a bent valley, and the bound where the minimum is outside', () => {
  const rosenbrock = (x: Float64Array, gradient: Float64Array) => {
    const [a = 0, b = 0] = x;
    gradient[0] = -400 * a * (b - a * a) - 2 * (1 - a);
    gradient[1] = 200 * (b - a * a);
    return 100 * (b - a * a) ** 2 + (1 - a) ** 2;
  };
  const box = (upper: number) => ({
    lower: Float64Array.from([-2, -2]),
    upper: Float64Array.from([upper, 2]),
  });
  const whole = minimise(rosenbrock, Float64Array.from([-1.2, 1]), box(2), 200);
  close(whole.x[0], 1, 1e-4);
  close(whole.x[1], 1, 1e-4);
  // With x at most ½ the best is (½, ¼), where (1 - x)² is ¼.
  const held = minimise(rosenbrock, Float64Array.from([-1.2, 1]), box(0.5), 200);
  assert.equal(held.x[0], 0.5);
  close(held.x[1], 0.25, 1e-4);
  close(held.value, 0.25, 1e-6);
});

test('log expected improvement: known values, far tails and slopes', () => {
  // At z = 0: φ(0) = 1/√(2π). At z = 1: φ(1) + Φ(1) = 0.2419707245 + 0.8413447461.
  close(logExpectedImprovement(0, 1, 0).value, -0.5 * Math.log(2 * Math.PI), 1e-12);
  close(logExpectedImprovement(0, 2, 2).value, Math.log(2 * 1.0833154705877), 1e-12);
  // φ(2) - 2·(1 - Φ(2)) = 0.05399096651 - 2·0.02275013195.
  close(logExpectedImprovement(2, 1, 0).value, Math.log(0.00849070261682), 1e-9);
  // z = -1000: -z²/2 - ½·log 2π - 2·log 1000 + log(1 - 3/z²).
  const far = -500_000 - 0.5 * Math.log(2 * Math.PI) - 2 * Math.log(1000) - 3e-6;
  close(logExpectedImprovement(1000, 1, 0).value, far, 1e-15);
  for (const mean of [-50, -3, -0.5, 0.4, 0.9999, 1.0001, 2.4999, 2.5001, 30, 99.9, 100.1, 4000]) {
    const at = Float64Array.from([mean, 1.3]);
    const slopes = logExpectedImprovement(mean, 1.3, 0);
    const [byMean = 0, byDeviation = 0] = differences(
      ([m = 0, s = 0]) => logExpectedImprovement(m, s, 0).value,
      at,
    );
    close(slopes.byMean, byMean, 1e-5);
    close(slopes.byDeviation, byDeviation, 1e-5);
  }
});

test('a process with two values by hand', () => {
  // Half a unit apart at rate 4: distance 1, Matérn (1 + √5 + 5/3)·exp(-√5) = 0.5239941088.
  const tried: Tried = {
    columns: [{ axis: 0, category: false }],
    rows: [Float64Array.of(0), Float64Array.of(0.5)],
    values: Float64Array.of(1, -1),
  };
  const two = { rates: Float64Array.of(Math.log(4)), variance: 0, noise: Math.log(0.1) };
  const process = condition(tried, two);
  assert.ok(process);
  // K = [[1.1, k], [k, 1.1]] and y = (1, -1): K⁻¹·y = y / (1.1 - k). At the first row (1 - k) of it.
  const k = 0.5239941088318203;
  const { mean, deviation } = predict(process, Float64Array.of(0));
  close(mean, (1 - k) / (1.1 - k), 1e-12);
  close(deviation ** 2, 1 - (1.1 + 1.1 * k * k - 2 * k * k) / (1.21 - k * k), 1e-12);
});

test('slopes of what is expected and of how sure it is are those of differences', () => {
  const layout = layOut(mixed.space);
  const process = condition(mixedTried(25), kernel);
  assert.ok(process);
  const stream = rng(3, 'rows');
  for (let draw = 0; draw < 5; draw++) {
    const row = rowOf(layout, drawPlainly(mixed.space, stream));
    const { meanSlope, deviationSlope, ...prediction } = predictWithSlopes(process, row);
    const plain = predict(process, row);
    close(prediction.mean, plain.mean, 1e-12);
    close(prediction.deviation, plain.deviation, 1e-9);
    const byMean = differences((each) => predict(process, each).mean, row);
    const byDeviation = differences((each) => predict(process, each).deviation, row);
    layout.columns.forEach(({ category }, column) => {
      if (category) return;
      close(meanSlope[column], byMean[column] ?? 0, 1e-6);
      close(deviationSlope[column], byDeviation[column] ?? 0, 1e-6);
    });
  }
});

test('the gradient of the posterior of the hyperparameters is that of differences', () => {
  const f = negativeLogPosterior(mixedTried(20), 8);
  const stream = rng(4, 'hyperparameters');
  for (let draw = 0; draw < 4; draw++) {
    const x = Float64Array.from({ length: 10 }, () => 4 * stream.next() - 2);
    const gradient = new Float64Array(10);
    f(x, gradient);
    const expected = differences((each) => f(each, new Float64Array(10)), x);
    gradient.forEach((slope, index) => {
      close(slope, expected[index] ?? 0, 1e-5);
    });
  }
});

test('a fit sees which of two axes matters, and how much noise there is', () => {
  const stream = rng(5, 'rows');
  const rows = Array.from({ length: 40 }, () => Float64Array.of(stream.next(), stream.next()));
  const columns = [0, 1].map((axis) => ({ axis, category: false }));
  const of = (noise: number) => ({
    columns,
    rows,
    values: Float64Array.from(
      rows,
      ([x = 0]) => 1.4 * Math.sin(7 * x) + noise * (stream.next() - 0.5) * Math.sqrt(12),
    ),
  });
  const { rates, noise } = fit(of(0.3), 2, 2, rng(5, 'fit'));
  assert.ok((rates[0] ?? 0) > (rates[1] ?? 0) + 2, `${rates}`);
  // Variance 0.09: log -2.4, within a factor of two.
  assert.ok(Math.abs(noise - Math.log(0.09)) < Math.LN2, `${noise}`);
  assert.ok(fit(of(0), 2, 2, rng(5, 'fit')).noise < -8);
});

test('rows tell an absent coordinate from every present one and keep to the cube', () => {
  const layout = layOut(mixed.space);
  // kind, adamRate with its second column, sgdRate, momentumRate and momentum alike, the three others.
  assert.deepEqual(
    layout.columns.map(({ axis }) => axis),
    [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 6, 7],
  );
  const row = rowOf(layout, { kind: 1, sgdRate: 0.01, layers: 1, batch: 4, dropout: 0.4 });
  const expected = [1, 0.5, 0.5, 0.5, 0, 0.5, 0.5, 0.5, 0.5, 1 / 12, 0.9, 0.5];
  expected.forEach((value, column) => {
    close(row[column], value, 1e-12);
  });
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 }),
      (place) => {
        const point = pointAt(layout, Float64Array.from(place));
        for (const dimension of mixed.space.dimensions) {
          assert.equal(point[dimension.name] !== undefined, isActive(dimension, point));
        }
        assert.ok(
          rowOf(layout, point)
            .slice(1)
            .every((value) => value >= 0 && value <= 1),
        );
      },
    ),
  );
});

test('what is far above the median counts little, order is kept', () => {
  const targets = [1, 2, 3, 4, 1e9].map((value) => ({ point: {}, value, whole: true }));
  const values = standardised(targets).map(({ value }) => value);
  assert.deepEqual(
    [...values].sort((a, b) => a - b),
    values,
  );
  close(
    values.reduce((sum, value) => sum + value, 0),
    0,
  );
  close(
    values.reduce((sum, value) => sum + value * value, 0),
    5,
  );
  // Below the median nothing is bent.
  const [a = 0, b = 0, c = 0] = values;
  close(c - b, b - a);
  assert.ok(
    standardised([targets[0], targets[0]].flatMap((each) => each ?? [])).every(
      ({ value }) => value === 0,
    ),
  );
});

test('a pruned trial counts as no better than the median of the whole ones', () => {
  const values = withoutHopes([
    { point: {}, value: 1, whole: true },
    { point: {}, value: 3, whole: true },
    { point: {}, value: 5, whole: true },
    { point: {}, value: 2, whole: false },
    { point: {}, value: 9, whole: false },
  ]).map(({ value }) => value);
  assert.deepEqual(values, [1, 3, 5, 3, 9]);
});

test('of too many observations the best and the newest stay', () => {
  const targets = [5, 0, 4, 1, 9, 8, 7].map((value) => ({ point: {}, value, whole: true }));
  assert.deepEqual(
    kept(targets, 4).map(({ value }) => value),
    [0, 1, 8, 7],
  );
});

test('two objectives become one by weights that add up to one', () => {
  const ended = [
    { point: {}, values: [0, 10], whole: true },
    { point: {}, values: [2, 0], whole: true },
    { point: {}, values: [1, 5], whole: true },
  ];
  // Scaled to 0 … 1 the first two have one weight each, times 1.05; the last has half of both.
  const [first = 0, second = 0, third = 0] = scalarised(ended, rng(1, 'weights')).map(
    ({ value }) => value,
  );
  close((first + second) / 1.05, 1);
  close(third, Math.max(first, second) / 1.05 / 2 + 0.05 / 2);
});

test('thirty trials come within 2 % of the range of the minimum, with each of three seeds', () => {
  const { space, value, minimum, range } = branin;
  for (let seed = 0; seed < 3; seed++) {
    const history: Observation[] = [];
    for (let index = 0; index < 30; index++) {
      const point = propose({ space, history, seed });
      history.push({ point, values: [value(point)], progress: 1 });
    }
    const least = Math.min(...history.map(({ values }) => values?.[0] ?? Number.NaN));
    assert.ok(least - minimum < 0.02 * range, `seed ${seed}: ${least}`);
  }
});

test('the same request gives the same point, whatever was asked in between', () => {
  const history = observed(mixed.space, 15, (point) => [mixed.value(point)]);
  const first = propose({ space: mixed.space, history });
  const other = propose({ space: mixed.space, history, index: 99 });
  assert.deepEqual(propose({ space: mixed.space, history }), first);
  assert.notDeepEqual(other, first);
});

test('workers at once are sent to different places', () => {
  const history = observed(branin.space, 15, (point) => [branin.value(point)]);
  const pending: Point[] = [];
  for (let worker = 0; worker < 4; worker++) {
    pending.push(propose({ space: branin.space, history, pending }));
  }
  const rows = pending.map((point) => rowOf(layOut(branin.space), point));
  rows.forEach(([x = 0, y = 0], one) => {
    for (const [otherX = 0, otherY = 0] of rows.slice(one + 1)) {
      assert.ok(Math.hypot(x - otherX, y - otherY) > 0.01, `${rows}`);
    }
  });
});

test('a half of the space that fails is left alone before long', () => {
  const space: SearchSpace = {
    dimensions: [0, 1].map((axis) => ({
      name: `x${axis}`,
      distribution: { type: 'float', low: 0, high: 1, log: false, step: null },
      when: [],
    })),
  };
  // The better the nearer to the edge beyond which all fail.
  const value = ({ x0 = 0, x1 = 0 }: Point) => (x0 > 0.5 ? null : [1 - x0 + (x1 - 0.5) ** 2]);
  const history: Observation[] = [];
  for (let index = 0; index < 40; index++) {
    const point = propose({ space, history });
    history.push({ point, values: value(point), progress: 1 });
  }
  const failed = history.slice(20).filter(({ values }) => values === null).length;
  assert.ok(failed <= 12, `${failed} of 20`);
  const least = Math.min(...history.map(({ values }) => values?.[0] ?? 1));
  assert.ok(least < 0.52, `${least}`);
});

test('no point twice, and when all were tried it still answers', () => {
  const space: SearchSpace = {
    dimensions: [
      { name: 'a', distribution: { type: 'category', count: 4 }, when: [] },
      { name: 'b', distribution: { type: 'int', low: 1, high: 4, log: true, step: 1 }, when: [] },
    ],
  };
  const history: Observation[] = [];
  for (let index = 0; index < 17; index++) {
    const point = propose({ space, history });
    history.push({ point, values: [(point.a ?? 0) + (point.b ?? 0)], progress: 1 });
  }
  const keys = history.slice(0, 16).map(({ point }) => pointKey(point));
  const startup = new Set(keys.slice(0, 10)).size;
  assert.equal(new Set(keys).size, startup + 6);
});

test('equal values, constant dimensions and nothing but failures are no obstacle', () => {
  const space: SearchSpace = {
    dimensions: [
      {
        name: 'a',
        distribution: { type: 'float', low: 2, high: 2, log: true, step: null },
        when: [],
      },
      { name: 'b', distribution: { type: 'normal', mean: 0, standardDeviation: 3 }, when: [] },
    ],
  };
  const flat = observed(space, 12, () => [1]);
  assert.equal(propose({ space, history: flat }).a, 2);
  const huge = observed(space, 12, ({ b = 0 }) => [1e300 * b]);
  assert.ok(Number.isFinite(propose({ space, history: huge }).b));
  const failed = observed(space, 12, () => null);
  assert.equal(propose({ space, history: failed }).a, 2);
});

test('two objectives: the front is found between the minima', () => {
  const { space } = hartmann6;
  const value = (point: Point) => {
    const to = (goal: number) => Object.values(point).reduce((sum, x) => sum + (x - goal) ** 2, 0);
    return [to(0.2), to(0.8)];
  };
  const history: Observation[] = [];
  for (let index = 0; index < 30; index++) {
    const point = propose({ space, history, objectives: 2 });
    history.push({ point, values: value(point), progress: 1 });
  }
  // On the front the roots add up to √(6·0.6²) = 1.4697; at random to about 1.9.
  const sums = history
    .slice(10)
    .map(({ values }) => (values ?? []).reduce((sum, each) => sum + Math.sqrt(each), 0));
  const mean = sums.reduce((sum, each) => sum + each, 0) / sums.length;
  assert.ok(mean < 1.75, `${mean}`);
});

test('ten thousand observations in six dimensions are thinned out before they are looked at', () => {
  const proposed = (length: number) => {
    const history = observed(hartmann6.space, length, (point) => [hartmann6.value(point)]);
    const asked = { space: hartmann6.space, history, index: length, pending: [], objectives: 1 };
    const defaults = { startupTrials: 10, candidates: 1000 };
    return gp.propose({ ...asked, stream: streamOf(1), options: defaults });
  };
  const point = proposed(10_000);
  assert.equal(Object.keys(point ?? {}).length, 6);
  const known = observed(hartmann6.space, 10_000, () => [0]);
  assert.ok(known.every((each) => pointKey(each.point) !== pointKey(point ?? {})));
});
