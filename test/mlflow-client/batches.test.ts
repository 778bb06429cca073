import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Batch, batchesOf } from '../../src/mlflow-client-ts/batches.ts';
import { batchLimits } from '../../src/mlflow-client-ts/index.ts';

const texts = (count: number, length = 3) =>
  Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: 'v'.repeat(length) }));
const metrics = (count: number) =>
  Array.from({ length: count }, (_, step) => ({ key: 'loss', value: 1, timestamp: 0, step }));

const sizes = (whole: Partial<Batch>) =>
  batchesOf({ params: [], metrics: [], tags: [], ...whole }).map((batch) => [
    batch.params.length,
    batch.tags.length,
    batch.metrics.length,
  ]);

test('nothing is no batch', () => assert.deepEqual(sizes({}), []));

test('parameters and tags come with the first metrics', () => {
  assert.deepEqual(sizes({ params: texts(20), tags: texts(3), metrics: metrics(250) }), [
    [20, 3, 250],
  ]);
});

test('a batch has at most 1000 things in it, 100 parameters and 100 tags', () => {
  assert.deepEqual(sizes({ params: texts(50), metrics: metrics(1951) }), [
    [50, 0, 950],
    [0, 0, 1000],
    [0, 0, 1],
  ]);
  assert.deepEqual(sizes({ params: texts(101) }), [
    [100, 0, 0],
    [1, 0, 0],
  ]);
  assert.deepEqual(sizes({ params: texts(250), tags: texts(101), metrics: metrics(10) }), [
    [100, 0, 0],
    [100, 0, 0],
    [50, 100, 0],
    [0, 1, 10],
  ]);
});

test('long texts make small batches', () => {
  const [first = []] = sizes({ params: texts(100, 6000), tags: texts(100, 8000) });
  // As JSON: 10 · 6024 + 90 · 6025 + 10 · 8024 + 27 · 8025 = 899,405 bytes, one more is too many.
  assert.deepEqual(first, [100, 37, 0]);
});

const whole = fc.record({
  params: fc.array(fc.record({ key: fc.string(), value: fc.string({ maxLength: 50 }) }), {
    maxLength: 350,
    size: 'max',
  }),
  tags: fc.tuple(fc.nat(250), fc.nat(9000)).map(([count, length]) => texts(count, length)),
  metrics: fc.nat(3500).map(metrics),
});

test('what is split and put together is the same, and every part is within the limits', () => {
  fc.assert(
    fc.property(whole, (given) => {
      const batches = batchesOf(given);
      for (const section of ['params', 'metrics', 'tags'] as const) {
        const together = batches.flatMap((batch) => [...batch[section]]);
        assert.deepEqual(together, given[section]);
      }
      for (const batch of batches) {
        const { params, tags, metrics } = batch;
        assert.ok(params.length <= batchLimits.params && tags.length <= batchLimits.tags);
        assert.ok(metrics.length <= batchLimits.metrics);
        const entities = params.length + tags.length + metrics.length;
        assert.ok(entities > 0 && entities <= batchLimits.entities);
        assert.ok(Buffer.byteLength(JSON.stringify(batch)) < 1_000_000);
      }
    }),
    { numRuns: 60, seed: 3 },
  );
});
