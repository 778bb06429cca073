import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Course } from '../../../src/plan/define-pruner.ts';
import { asha } from '../../../src/plan/pruners/asha.ts';
import { hyperband } from '../../../src/plan/pruners/hyperband.ts';
import { median } from '../../../src/plan/pruners/median.ts';
import { question, stopping } from './courses.ts';
import { learningCurve } from './learning-curves.ts';

const [trials, epochs, workers] = [81, 81, 4];
const halving = { minEpochs: 1, reductionFactor: 3 };

/** Four trials at a time, an epoch each in turn: the share of epochs trained, and the winner's true place, from 0. */
function sweep(seed: number, decide: (trial: Course, others: readonly Course[]) => string | null) {
  const curves = Array.from({ length: trials }, (_, index) => learningCurve(seed, index, epochs));
  const courses: Course[] = [];
  const running: number[] = [];
  let trained = 0;
  while (courses.length < trials || running.length > 0) {
    while (running.length < workers && courses.length < trials) {
      running.push(courses.length);
      courses.push({ index: courses.length, epochs: [], status: 'running' });
    }
    const index = running.shift() ?? 0;
    const before = courses[index]?.epochs ?? [];
    const trial = {
      index,
      status: 'running' as const,
      epochs: [...before, [curves[index]?.losses[before.length] ?? 0]],
    };
    trained++;
    const others = courses.filter((other) => other.index !== index);
    const isOver = trial.epochs.length === epochs;
    const status = isOver ? 'finished' : decide(trial, others) === null ? 'running' : 'pruned';
    courses[index] = { ...trial, status };
    if (status === 'running') running.push(index);
  }
  const winner = courses
    .map((course) => ({ ...course, best: Math.min(...course.epochs.map(([loss = 9]) => loss)) }))
    .reduce((one, other) => (other.best < one.best ? other : one));
  const end = curves[winner.index]?.end ?? Number.NaN;
  return {
    share: trained / (trials * epochs),
    place: curves.filter((curve) => curve.end < end).length,
  };
}

const seeds = Array.from({ length: 20 }, (_, seed) => seed);
const cases = {
  asha: {
    most: 0.3,
    decide: (trial: Course, others: readonly Course[]) =>
      stopping(asha)(question(trial, others, halving)),
  },
  hyperband: {
    most: 0.5,
    decide: (trial: Course, others: readonly Course[]) =>
      stopping(hyperband)(question(trial, others, halving)),
  },
  median: {
    most: 0.6,
    decide: (trial: Course, others: readonly Course[]) =>
      stopping(median)(
        question(trial, others, { startupTrials: 5, warmupEpochs: 3, percentile: 50 }),
      ),
  },
};

for (const [name, { most, decide }] of Object.entries(cases)) {
  test(`${name} finds one of the best choices for less than ${100 * most} % of the epochs`, (t) => {
    const outcomes = seeds.map((seed) => sweep(seed, decide));
    const shares = outcomes.map(({ share }) => share);
    const places = outcomes.map(({ place }) => place).sort((one, other) => one - other);
    t.diagnostic(`greatest share ${Math.max(...shares).toFixed(3)}, places ${places.join(' ')}`);
    assert.ok(Math.max(...shares) < most);
    // Of 81; blind luck has a place of 40. Neighbours are 0.012 apart on average, where noise is 0.01.
    assert.ok((places[Math.floor(0.9 * places.length) - 1] ?? trials) < 4);
    assert.ok((places.at(-1) ?? trials) < 9);
  });
}
