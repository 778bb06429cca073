import assert from 'node:assert/strict';
import { test } from 'node:test';
import { combinationsOf } from '../../src/data/targets/combinations.ts';

test('combinations are numbered as they appear; a missing label makes none', () => {
  const one = Int8Array.from([1, 0, -1, 1, 0, 1]);
  const other = Int8Array.from([-1, 1, 1, 1, 1, 0]);
  // The rows: 1?, 01, ?1, 11, 01, 10.
  assert.deepEqual([...combinationsOf([one, other], 6)], [-1, 0, -1, 1, 0, 2]);
});
