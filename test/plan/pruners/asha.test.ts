import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asha } from '../../../src/plan/pruners/asha.ts';
import { course, courseOf, peers, question, stopping } from './courses.ts';

const options = { minEpochs: 1, reductionFactor: 3 };
const stop = stopping(asha);

test('a trial goes on if it is among the best third at its rung', () => {
  const others = peers([0.1, 0.2, 0.3, 0.4, 0.5]);
  // Six are there, two go on: 0.1 and whatever is at most 0.2.
  assert.equal(stop(question(course(9, [0.15]), others, options)), null);
  assert.equal(stop(question(course(9, [0.2]), others, options)), null);
  assert.equal(
    stop(question(course(9, [0.25]), others, options)),
    'at epoch 1 its 0.25 is not among the best 2 of 6 (needs at most 0.2)',
  );
});

test('nothing is decided between rungs, nor at the end', () => {
  for (const epochs of [2, 4, 8, 10, 26, 28, 80, 81]) {
    const trial = course(
      9,
      Array.from({ length: epochs }, () => 9),
    );
    assert.equal(stop(question(trial, peers([1, 2, 3], epochs), options)), null, `${epochs}`);
  }
  for (const epochs of [1, 3, 9, 27]) {
    const trial = course(
      9,
      Array.from({ length: epochs }, () => 9),
    );
    assert.notEqual(stop(question(trial, peers([1, 2, 3], epochs), options)), null, `${epochs}`);
  }
});

test('a trial alone, and the first at a rung, go on', () => {
  assert.equal(stop(question(course(0, [9]), [], options)), null);
  const behind = peers([0.1, 0.2, 0.3], 2);
  assert.equal(stop(question(course(0, [9, 9, 9]), behind, options)), null);
});

test('the best value so far counts, not that of the rung', () => {
  const others = peers([0.2, 0.3], 3);
  assert.equal(stop(question(course(9, [0.5, 0.1, 0.6]), others, options)), null);
  // The others' later epochs do not: at epoch 3 nobody was at 0.0 yet.
  const later = others.map(({ index, epochs }) => courseOf(index, [...epochs, [0]]));
  assert.equal(stop(question(course(9, [0.5, 0.1, 0.6]), later, options)), null);
});

test('trials that were stopped at a rung count there, those that finished early count at all', () => {
  const stopped = peers([0.3, 0.4], 3).map((each) => ({ ...each, status: 'pruned' as const }));
  const trial = course(9, [0.5, 0.5, 0.5]);
  assert.notEqual(stop(question(trial, stopped, options)), null);
  const early = course(1, [0.1, 0.2], 'finished');
  assert.notEqual(stop(question(trial, [early], options)), null);
  assert.equal(stop(question(trial, [course(1, [0.1, 0.2], 'pruned')], options)), null);
});

test('what is not defined is worst', () => {
  const reason = stop(question(course(9, [Number.NaN]), peers([7, 8, 9]), options));
  assert.equal(reason, 'at epoch 1 its undefined is not among the best 1 of 4 (needs at most 7)');
  assert.equal(stop(question(course(9, [1e9]), peers([Number.NaN, Number.NaN]), options)), null);
  assert.equal(stop(question(course(9, [Number.NaN]), peers([Number.NaN]), options)), null);
});

test('of several objectives, a trial that nobody beats goes on, and others by mean rank', () => {
  const others = [
    [1, 9],
    [2, 8],
    [3, 3],
    [9, 1],
    [7, 7],
  ].map((values, index) => courseOf(index, [values]));
  const decide = (values: readonly number[]) =>
    stop(question(courseOf(9, [values]), others, options));
  // Nobody has less than 0.5 in the first objective.
  assert.equal(decide([0.5, 99]), null);
  // (4, 4): three and two are less, in sum 5. The others have 5, 5, 3, 5 and 7: one is before, two go on.
  assert.equal(decide([4, 4]), null);
  // (8, 8): four and three are less, in sum 7. The others have 5, 4, 3, 5 and 5.
  assert.equal(decide([8, 8]), 'at epoch 1 its 8 and 8 is not among the best 2 of 6 by mean rank');
});

test('a trial that misses a floor is behind all that meet theirs', () => {
  const others = [courseOf(1, [[0.4, 0.9]]), courseOf(2, [[0.45, 0.8]]), courseOf(3, [[0.6, 0.7]])];
  const floors = [0.5, 1];
  // Best in both, but for the floor of the first.
  const trial = courseOf(9, [[0.55, 0.1]]);
  assert.equal(
    stop(question(trial, others, options, { floors })),
    'at epoch 1 its 0.55 and 0.1 misses a floor and is not among the best 1 of 4',
  );
  assert.equal(stop(question(trial, others, options)), null);
  // Nobody meets them: then they part nobody.
  const none = [courseOf(1, [[0.7, 0.9]]), courseOf(2, [[0.8, 0.8]])];
  assert.equal(stop(question(trial, none, options, { floors })), null);
});

test('two values that look alike are told with as many digits as it takes', () => {
  const reason = stop(question(course(9, [0.41233]), peers([0.41231, 0.5]), options));
  assert.match(reason ?? '', /its 0\.41233 is .* at most 0\.41231/);
});
