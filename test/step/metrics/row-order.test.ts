import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rng } from '../../../src/plan/random.ts';
import { rowOrder } from '../../../src/step/metrics/row-order.ts';

/** By comparison, which is stable. */
const plainly = (values: Float64Array, sign: number) =>
  Uint32Array.from(values.keys()).sort(
    (one, other) => sign * ((values[one] ?? 0) - (values[other] ?? 0)),
  );

function assertOrdered(values: Float64Array): void {
  assert.deepEqual(rowOrder(values, 'ascending'), plainly(values, 1));
  assert.deepEqual(rowOrder(values, 'descending'), plainly(values, -1));
}

test('rows are ordered by any numbers, equal ones as they lie', () => {
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0, -0, 1, -1, 0.5, 1e-320, Number.MAX_VALUE),
  );
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 40 }), (some) => {
      // Often enough that the rows are counted, not compared.
      assertOrdered(Float64Array.from({ length: 4100 }, (_, row) => some[row % some.length] ?? 0));
      assertOrdered(Float64Array.from(some));
    }),
    { numRuns: 30, seed: 1 },
  );
});

test('so are probabilities of a model, of which many are alike', () => {
  const { next, integer } = rng(1, 'scores');
  assertOrdered(Float64Array.from({ length: 20_000 }, () => Math.fround(next())));
  assertOrdered(Float64Array.from({ length: 20_000 }, () => integer(7) / 7));
});
