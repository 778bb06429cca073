import assert from 'node:assert/strict';
import { test } from 'node:test';
import { studentQuantile } from '../../../src/plan/student-quantile.ts';

/** `scipy.stats.t.isf(exceeded, degrees)`, SciPy 1.17.1. */
const golden: readonly (readonly [exceeded: number, quantiles: readonly number[]])[] = [
  [0.4, [0.3249196962, 0.2886751346, 0.2766706623, 0.2671808657, 0.2601848295, 0.2536843792]],
  [0.1, [3.077683537, 1.885618083, 1.637744354, 1.475884049, 1.372183641, 1.285798794]],
  [0.025, [12.70620474, 4.30265273, 3.182446305, 2.570581836, 2.228138852, 1.971896224]],
  [1e-3, [318.308839, 22.32712477, 10.21453185, 5.893429531, 4.143700494, 3.131479814]],
  [1e-8, [31830988.6184, 7071.0677058, 479.52506958, 62.404506111, 15.8956876525, 5.84815018749]],
];
const degrees = [1, 2, 3, 5, 10, 200];

test("Student's quantiles are SciPy's to nine digits, far out in the tail as well", () => {
  for (const [exceeded, quantiles] of golden) {
    degrees.forEach((each, position) => {
      const expected = quantiles[position] ?? Number.NaN;
      const got = studentQuantile(exceeded, each);
      assert.ok(Math.abs(got / expected - 1) < 1e-9, `${exceeded}, ${each}: ${got}`);
    });
  }
  // Many degrees: 9,999.
  assert.ok(Math.abs(studentQuantile(1e-5, 9999) / 4.26693787056 - 1) < 1e-9);
});

test('half of the probability is above 0', () => assert.equal(studentQuantile(0.5, 7), 0));
