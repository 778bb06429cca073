import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rng } from '../../../src/plan/random.ts';
import { sweptParameters } from '../../../src/report/sweep/parameters.ts';

const only = (values: readonly unknown[]) => {
  const [found] = sweptParameters(
    values.map((value): Record<string, unknown> => (value === undefined ? {} : { 'a.b': value })),
  );
  return found;
};
const drawn = (value: (share: number) => number) => {
  const random = rng(1, 'drawn');
  return Array.from({ length: 200 }, () => value(random.next()));
};

test('a few numbers are steps, in order and equally far apart', () => {
  const units = only([64, 16, 16, 512]);
  assert.equal(units?.scale, 'steps');
  assert.deepEqual(units?.labels, ['16', '64', '512']);
  assert.deepEqual([...(units?.places ?? [])], [1, 0, 0, 2]);
  assert.equal(units?.name, 'b');
});

test('many numbers are a range: logarithmic if they were drawn so, else linear', () => {
  assert.equal(only(drawn((share) => share))?.scale, 'linear');
  assert.equal(only(drawn((share) => 0.001 + share))?.scale, 'linear');
  assert.equal(only(drawn((share) => 10 ** (-5 + 4 * share)))?.scale, 'log');
  assert.equal(only(drawn((share) => share - 0.5))?.scale, 'linear');
  const rate = only(Array.from({ length: 21 }, (_, index) => 10 ** (-index / 10)));
  assert.equal(rate?.scale, 'log');
  assert.ok(Math.abs((rate?.places[5] ?? 0) - 0.75) < 1e-12);
});

test('words, switches, lists and blocks are categories; what is not set has no place', () => {
  const kind = only(['adam', { sgd: {} }, undefined, 'adam', [64, 32], true, 3]);
  assert.equal(kind?.scale, 'categories');
  assert.deepEqual(kind?.labels, ['adam', 'sgd', '[64, 32]', 'true', '3']);
  assert.deepEqual([...(kind?.places ?? [])], [0, 1, -1, 0, 2, 3, 4]);
  assert.equal(kind?.inactive, 1);
});

test('what always has one value is not swept, but for what is set only sometimes', () => {
  assert.equal(only([3, 3, 3]), undefined);
  assert.equal(only(['a', 'a']), undefined);
  assert.deepEqual([...(only([3, undefined, 3])?.places ?? [])], [0, -1, 0]);
});
