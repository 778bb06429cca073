import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rng, seedOf } from '../../src/plan/random.ts';

test('the same key gives the same numbers, another key others', () => {
  const draw = (...key: (string | number)[]) => Array.from({ length: 5 }, rng(...key).next);
  assert.deepEqual(draw(7, 0, 'shuffle', 1), draw(7, 0, 'shuffle', 1));
  assert.notDeepEqual(draw(7, 0, 'shuffle', 1), draw(7, 0, 'shuffle', 2));
  assert.notDeepEqual(draw(7, 0, 'shuffle', 1), draw(7, 1, 'shuffle', 1));
  assert.notEqual(seedOf(7, 'a'), seedOf(7, 'b'));
});

test('a permutation holds every number once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 500 }), fc.integer(), (length, seed) => {
      const order = rng(seed, 'shuffle').permutation(length);
      assert.deepEqual(
        [...order].sort((a, b) => a - b),
        Array.from({ length }, (_, i) => i),
      );
    }),
  );
});

test('numbers are uniform: chi-square over 100 bins stays within its 99.9 % bound', () => {
  const bins = new Array<number>(100).fill(0);
  const { integer } = rng(1, 'uniform');
  for (let draw = 0; draw < 100_000; draw++) {
    const bin = integer(100);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  const chiSquare = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  assert.ok(chiSquare < 148.2, `chi-square ${chiSquare}`); // 99 degrees of freedom, 0.999 quantile
});
