import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median } from '../../../src/plan/pruners/median.ts';
import { course, courseOf, question, stopping } from './courses.ts';

const options = { startupTrials: 5, warmupEpochs: 0, percentile: 50 };
const stop = stopping(median);
const finished = (values: readonly number[]) =>
  values.map((value, index) => course(index + 1, [9, value, 0], 'finished'));

test('a trial stops when it is worse than the median of the finished ones by then', () => {
  const others = finished([1, 2, 3, 4, 5]);
  assert.equal(stop(question(course(9, [9, 3]), others, options)), null);
  assert.equal(
    stop(question(course(9, [9, 3.5]), others, options)),
    'by epoch 2 its 3.5 is behind more than 2 of 5 finished trials',
  );
  // At the first epoch all were alike.
  assert.equal(stop(question(course(9, [9]), others, options)), null);
});

test('it waits for enough trials to finish, and for the warm-up', () => {
  const trial = course(9, [9, 8]);
  assert.equal(stop(question(trial, finished([1, 2, 3, 4]), options)), null);
  const running = finished([1, 2, 3, 4, 5]).map((each) => ({
    ...each,
    status: 'running' as const,
  }));
  assert.equal(stop(question(trial, running, options)), null);
  const patient = { ...options, warmupEpochs: 2 };
  assert.equal(stop(question(trial, finished([1, 2, 3, 4, 5]), patient)), null);
  assert.notEqual(
    stop(question(trial, finished([1, 2, 3, 4, 5]), { ...options, warmupEpochs: 1 })),
    null,
  );
});

test('the percentile is the part of the others that may be better', () => {
  const others = finished([1, 2, 3, 4, 5, 6, 7, 8]);
  const strict = { ...options, percentile: 25 };
  assert.equal(stop(question(course(9, [9, 2.5]), others, strict)), null);
  assert.notEqual(stop(question(course(9, [9, 3.5]), others, strict)), null);
});

test('the best value so far counts', () => {
  assert.equal(stop(question(course(9, [0.5, 9]), finished([1, 2, 3, 4, 5]), options)), null);
});

test('of several objectives, nobody is stopped whom nobody beats', () => {
  const others = [1, 2, 3, 4, 5].map((value) => courseOf(value, [[value, value]], 'finished'));
  assert.equal(stop(question(courseOf(9, [[9, 0]]), others, options)), null);
  assert.notEqual(stop(question(courseOf(9, [[9, 4]]), others, options)), null);
});
