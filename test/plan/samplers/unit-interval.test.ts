import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalBelow, normalQuantile } from '../../../src/plan/samplers/normal-curve.ts';
import { cellOf, coordinateAt, countOf } from '../../../src/plan/samplers/unit-interval.ts';
import type { Distribution } from '../../../src/spec/space/search-space.ts';

const relative = (actual: number, expected: number) =>
  Math.abs(actual - expected) / Math.abs(expected || 1);

test('the normal curve and its inverse are those of scipy 1.17.1', () => {
  const below = [
    [-20, 2.7536241186061556e-89],
    [-8, 6.22096057427174e-16],
    [-3, 0.0013498980316300933],
    [-0.1, 0.460172162722971],
    [0.5, 0.6914624612740131],
    [6, 0.9999999990134123],
  ];
  for (const [z = 0, share = 0] of below) assert.ok(relative(normalBelow(z), share) < 1e-7, `${z}`);
  const quantiles = [
    [1e-300, -37.0470962993612],
    [1e-5, -4.264890793922825],
    [0.02425, -1.972961051311885],
    [0.3, -0.5244005127080409],
    [0.999, 3.090232306167813],
  ];
  for (const [share = 0, z = 0] of quantiles) {
    assert.ok(relative(normalQuantile(share), z) < 1e-9, `${share}`);
  }
  assert.equal(normalQuantile(0.5), 0);
});

test('the steps of a dimension share the unit interval evenly', () => {
  const tenths: Distribution = { type: 'float', low: 0.1, high: 0.5, log: false, step: 0.1 };
  const shares = [0, 0.19, 0.21, 0.5, 0.79, 0.999];
  assert.deepEqual(
    shares.map((share) => coordinateAt(tenths, share)),
    [0.1, 0.1, 0.2, 0.3, 0.4, 0.5],
  );
  assert.deepEqual(cellOf(tenths, 0.3), { low: 0.4, high: 0.6 });
  const sevens: Distribution = { type: 'int', low: 1, high: 20, log: false, step: 7 };
  assert.equal(countOf(sevens), 3);
  assert.equal(coordinateAt(sevens, 0.99), 15);
});

test('logarithmic dimensions are even in the exponent', () => {
  const rate: Distribution = { type: 'float', low: 1e-4, high: 1, log: true, step: null };
  assert.ok(relative(coordinateAt(rate, 0.5), 0.01) < 1e-12);
  assert.ok(relative(cellOf(rate, 0.1).low, 0.75) < 1e-12);
  assert.equal(coordinateAt(rate, 1), 1);
  // ln(2.5 / 0.5) of ln(8.5 / 0.5): 1 has more room than 8.
  const units: Distribution = { type: 'int', low: 1, high: 8, log: true, step: 1 };
  assert.ok(relative(cellOf(units, 2).high, Math.log(5) / Math.log(17)) < 1e-12);
  assert.ok(relative(cellOf(units, 8).high, 1) < 1e-12);
});

test('a normal dimension has its mean in the middle and no end', () => {
  const weight: Distribution = { type: 'normal', mean: 3, standardDeviation: 2 };
  assert.equal(coordinateAt(weight, 0.5), 3);
  assert.ok(relative(coordinateAt(weight, 0.8413447460685429), 5) < 1e-9);
  assert.ok(Number.isFinite(coordinateAt(weight, 0)) && Number.isFinite(coordinateAt(weight, 1)));
  assert.ok(relative(cellOf(weight, 5).low, 0.8413447460685429) < 1e-9);
});
