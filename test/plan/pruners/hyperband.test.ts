import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bracketOf, halvingsOf, hyperband, sharesOf } from '../../../src/plan/pruners/hyperband.ts';
import { course, question, stopping } from './courses.ts';

const options = { minEpochs: 1, reductionFactor: 3 };
const stop = stopping(hyperband);

test('brackets have the shares of Algorithm 1 of the paper', () => {
  // R = 81, η = 3, by hand: 5 · 81 / 5, 5 · 27 / 4, 5 · 9 / 3, 5 · 3 / 2 and 5 / 1, rounded up.
  assert.equal(halvingsOf(1, 3, 81), 4);
  assert.deepEqual(
    sharesOf(4, 3),
    [81, 34, 15, 8, 5].map((count) => count / 143),
  );
});

test('a sweep of any length has the brackets in about their shares, mixed', () => {
  const shares = sharesOf(4, 3);
  const counts = shares.map(() => 0);
  for (let index = 0; index < 2000; index++) {
    const bracket = bracketOf(index, shares);
    counts[bracket] = (counts[bracket] ?? 0) + 1;
    shares.forEach((share, each) => {
      const difference = Math.abs((counts[each] ?? 0) - share * (index + 1));
      assert.ok(difference < 3, `bracket ${each} after ${index + 1}: off by ${difference}`);
    });
  }
});

test('a bracket begins to stop at its own epoch, and the last one never stops', () => {
  const shares = sharesOf(4, 3);
  const firstOf = (bracket: number) =>
    Array.from({ length: 500 }, (_, index) => index).filter(
      (index) => bracketOf(index, shares) === bracket,
    );
  for (const [bracket, rungs] of [[1, 3, 9, 27], [3, 9, 27], [9, 27], [27], []].entries()) {
    const [index = 0, ...alike] = firstOf(bracket);
    const stoppedAt = Array.from({ length: 81 }, (_, epoch) => epoch + 1).filter((epochs) => {
      const at = (value: number) => Array.from({ length: epochs }, () => value);
      const others = alike.slice(0, 4).map((other) => course(other, at(0.1)));
      return stop(question(course(index, at(0.9)), others, options)) !== null;
    });
    assert.deepEqual(stoppedAt, rungs, `bracket ${bracket}`);
  }
});

test('trials of other brackets do not count', () => {
  const shares = sharesOf(4, 3);
  const others = Array.from({ length: 300 }, (_, index) => index)
    .filter((index) => bracketOf(index, shares) !== 0)
    .map((index) => course(index, [0.1]));
  const index = Array.from({ length: 9 }, (_, each) => each).find(
    (each) => bracketOf(each, shares) === 0,
  );
  assert.equal(stop(question(course(index ?? -1, [0.9]), others, options)), null);
});

test('a training too short for any rung is never stopped', () => {
  const others = [course(1, [0.1]), course(2, [0.2]), course(3, [0.3])];
  assert.equal(stop(question(course(0, [0.9]), others, options, { maxEpochs: 2 })), null);
});
