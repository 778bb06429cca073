import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
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
import { isActive } from '../../../src/spec/space/search-space.ts';
import { drawPlainly, mixed } from './functions.ts';
import { observed } from './observed.ts';

const close = (actual: number | undefined, expected: number, tolerance = 1e-9) =>
  assert.ok(
    Math.abs((actual ?? Number.NaN) - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );
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
  // With the mean's variance K = [[2.1, 1 + k], [1 + k, 2.1]] and y = (1, -1): K⁻¹·y = y / (1.1 - k).
  // At the first row (1 - k) of it, since the mean cancels.
  const k = 0.5239941088318203;
  const { mean, deviation } = predict(process, Float64Array.of(0));
  close(mean, (1 - k) / (1.1 - k), 1e-12);
  // Of the variance 2 what cᵀ·K⁻¹·c leaves, with c = (2, 1 + k).
  const known = (2.1 * (4 + (1 + k) ** 2) - 4 * (1 + k) ** 2) / (2.1 ** 2 - (1 + k) ** 2);
  close(deviation ** 2, 2 - known, 1e-12);
});

test('far from all rows the process expects what it takes for the mean, not the mean of the values', () => {
  // Three equal rows and one a world away: two clusters speak for the mean, not four rows.
  const tried: Tried = {
    columns: [{ axis: 0, category: false }],
    rows: [0, 0, 0, 1].map((x) => Float64Array.of(x)),
    values: Float64Array.of(-1, -1, -1, 3),
  };
  const process = condition(tried, { rates: Float64Array.of(9), variance: 0, noise: -9 });
  assert.ok(process);
  // Covariances 2 within and 1 between the clusters: (1, 1)·[[2, 1], [1, 2]]⁻¹·(-1, 3) = 2/3.
  close(predict(process, Float64Array.of(0.5)).mean, 2 / 3, 1e-3);
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
