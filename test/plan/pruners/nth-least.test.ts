import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nthLeast } from '../../../src/plan/pruners/nth-least.ts';

test('every place has the value that sorting puts there', () => {
  const value = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(Number.POSITIVE_INFINITY));
  const property = fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), (values) => {
    Float64Array.from(values)
      .sort()
      .forEach((expected, place) => {
        assert.equal(nthLeast(Float64Array.from(values), place), expected);
      });
  });
  fc.assert(property, { seed: 20_260_101, numRuns: 300 });
});

test('a place that is not there has no value', () => {
  assert.ok(Number.isNaN(nthLeast(new Float64Array(0), 0)));
});
