import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patience } from '../../../src/plan/pruners/patience.ts';
import { course, courseOf, question, stopping } from './courses.ts';

const stop = stopping(patience);
const decide = (values: readonly number[], options = { epochs: 3, minDelta: 0 }) =>
  stop(question(course(0, values), [], options));

test('a trial stops when it has not improved for so many epochs', () => {
  assert.equal(decide([3, 2, 2, 2.5]), null);
  assert.equal(
    decide([3, 2, 2, 2.5, 2]),
    'no improvement for 3 epochs, since epoch 2; its best is 2',
  );
  assert.equal(decide([3, 2, 2, 2.5, 1.9]), null);
});

test('an improvement has to be more than minDelta, from where it was last counted', () => {
  const options = { epochs: 3, minDelta: 0.5 };
  // 0.4 and 0.4 do not count one by one; together they do.
  assert.equal(decide([3, 2.6, 2.2, 2.2], options), null);
  assert.notEqual(decide([3, 2.6, 2.5, 2.5], options), null);
});

test('an undefined value is no improvement', () => {
  const { NaN: none } = Number;
  assert.equal(decide([none, none]), null);
  assert.equal(decide([none, none, none]), 'its objective has been undefined for 3 epochs');
  assert.equal(decide([none, none, 4]), null);
});

test('one objective that improves is enough', () => {
  const epochs = [4, 3, 2, 1, 0].map((value) => [5, value]);
  assert.equal(stop(question(courseOf(0, epochs), [], { epochs: 2, minDelta: 0 })), null);
});
