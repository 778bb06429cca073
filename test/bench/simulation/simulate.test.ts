import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asha } from '../../../src/plan/pruners/asha.ts';
import { rng } from '../../../src/plan/random.ts';
import { random as randomPoints } from '../../../src/plan/samplers/random.ts';
import { createEventQueue } from './event-queue.ts';
import { type Simulation, simulate, usualFaults } from './simulate.ts';
import { syntheticTraining } from './synthetic-training.ts';

const training = syntheticTraining(9, 1);
const base: Simulation = {
  workers: 20,
  trials: 300,
  seed: 7,
  training,
  faults: { ...usualFaults, workerDies: 0.05 },
  propose: (index) =>
    randomPoints.propose({
      space: training.space,
      index,
      history: [],
      pending: [],
      objectives: 1,
      stream: (...purpose) => rng(7, ...purpose),
      options: {},
    }),
  decide: (trial, courses) =>
    asha.stopTrial?.({
      trial,
      others: courses.filter(({ index }) => index !== trial.index),
      maxEpochs: 9,
      floors: [],
      options: { minEpochs: 1, reductionFactor: 3 },
    }) ?? null,
};

test('events come out by time, those of one time in the order in which they went in', () => {
  const queue = createEventQueue<string>();
  for (const [time, name] of [
    [3, 'd'],
    [1, 'a'],
    [2, 'b'],
    [2, 'c'],
    [0, 'first'],
  ] as const) {
    queue.put(time, name);
  }
  const names = Array.from({ length: 6 }, () => queue.take()?.event);
  assert.deepEqual(names, ['first', 'a', 'b', 'c', 'd', undefined]);
});

test('every trial ends, though workers die and trials fail, and is asked about once an epoch', () => {
  const asked = new Set<string>();
  const begun: number[] = [];
  const figures = simulate({
    ...base,
    propose(index, seen) {
      begun.push(index);
      assert.ok(seen.pending().length < base.workers);
      return base.propose(index, seen);
    },
    decide(trial, courses) {
      const key = `${trial.index} ${trial.epochs.length}`;
      assert.ok(!asked.has(key), key);
      asked.add(key);
      return base.decide(trial, courses);
    },
  });
  assert.deepEqual(begun, [...Array(300).keys()]);
  assert.ok(figures.workersLost > 10);
  assert.ok(figures.failed > 0);
  assert.ok(figures.pruned > 100);
  assert.equal(figures.decisions.count, asked.size);
  // Whole trainings are not asked about after their last epoch.
  const whole = figures.trials - figures.failed - figures.pruned;
  assert.equal(figures.epochs, asked.size + whole);
});

test('the same seed gives the same sweep, another one another', () => {
  const outcome = (seed: number) => {
    const { epochs, simulatedHours, best, workersLost } = simulate({ ...base, seed });
    return { epochs, simulatedHours, best, workersLost };
  };
  assert.deepEqual(outcome(7), outcome(7));
  assert.notDeepEqual(outcome(7), outcome(8));
});

test('a search that is over ends the sweep', () => {
  const figures = simulate({
    ...base,
    propose: (index, seen) => (index < 25 ? base.propose(index, seen) : null),
  });
  assert.equal(figures.trials, 25);
});
