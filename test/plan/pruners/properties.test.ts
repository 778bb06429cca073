import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Course, CourseQuestion } from '../../../src/plan/define-pruner.ts';
import { asha } from '../../../src/plan/pruners/asha.ts';
import { hyperband } from '../../../src/plan/pruners/hyperband.ts';
import { median } from '../../../src/plan/pruners/median.ts';
import { patience } from '../../../src/plan/pruners/patience.ts';
import { race } from '../../../src/plan/pruners/race.ts';
import { contender, courseOf, question, stopping } from './courses.ts';

const halving = { minEpochs: 1, reductionFactor: 3 };
type Asked = Omit<CourseQuestion, 'options'>;
const comparing: Readonly<Record<string, (asked: Asked) => string | null>> = {
  asha: (asked) => stopping(asha)({ ...asked, options: halving }),
  hyperband: (asked) => stopping(hyperband)({ ...asked, options: halving }),
  median: (asked) =>
    stopping(median)({ ...asked, options: { startupTrials: 2, warmupEpochs: 0, percentile: 50 } }),
};
const settings = { seed: 20_260_101, numRuns: 300 };

/** Few different values, so that ties are common; NaN among them. */
const value = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant(Number.NaN));
const status = fc.constantFrom('running' as const, 'finished' as const, 'pruned' as const);
const coursesOf = (objectives: number) => {
  const epoch = fc.array(value, { minLength: objectives, maxLength: objectives });
  const epochs = fc.array(epoch, { minLength: 1, maxLength: 27 });
  return fc
    .array(fc.tuple(epochs, status), { minLength: 1, maxLength: 14 })
    .map((rows): readonly Course[] => rows.map(([each, its], index) => courseOf(index, each, its)));
};
const floorsOf = (objectives: number) =>
  fc.array(fc.constantFrom(3, Number.POSITIVE_INFINITY), {
    minLength: objectives,
    maxLength: objectives,
  });
const cases = fc.constantFrom(1, 2, 3).chain((objectives) =>
  fc.record({
    courses: coursesOf(objectives),
    floors: floorsOf(objectives),
    objective: fc.nat(objectives - 1),
    epoch: fc.nat(26),
  }),
);
const rungs = [1, 3, 9, 27];
const cut = (course: Course, epochs: number): Course => ({
  ...course,
  status: 'running',
  epochs: course.epochs.slice(0, epochs),
});
const best = ({ epochs }: Course, until: number) =>
  Math.min(...epochs.slice(0, until).map(([each = 0]) => (Number.isNaN(each) ? 99 : each)));

test('the best of all is stopped at no rung', () => {
  let asked = 0;
  const property = fc.property(coursesOf(1), (courses) => {
    for (const rung of rungs) {
      const there = courses.filter(({ epochs }) => epochs.length >= rung);
      const first = Math.min(...courses.map((each) => best(each, rung)));
      for (const trial of there.filter((each) => best(each, rung) === first)) {
        const others = courses.filter((each) => each !== trial);
        for (const [name, stop] of Object.entries(comparing)) {
          assert.equal(stop({ ...question(cut(trial, rung), others, {}), floors: [] }), null, name);
          asked++;
        }
      }
    }
  });
  fc.assert(property, settings);
  assert.ok(asked > 1000);
});

test('the order of the others does not matter, to the word', () => {
  let stopped = 0;
  const property = fc.property(cases, ({ courses: [trial, ...others], floors }) => {
    assert.ok(trial);
    for (const rung of rungs.filter((each) => each <= trial.epochs.length)) {
      for (const stop of Object.values(comparing)) {
        const ask = (rest: readonly Course[]): string | null =>
          stop({ ...question(cut(trial, rung), rest, {}), floors });
        assert.equal(ask(others.toReversed()), ask(others));
        if (ask(others) !== null) stopped++;
      }
    }
  });
  fc.assert(property, settings);
  assert.ok(stopped > 50, `${stopped}`);
});

test('a trial that goes on would go on with a better value in any epoch', () => {
  let wentOn = 0;
  const property = fc.property(cases, ({ courses, floors, objective, epoch }) => {
    const [whole, ...others] = courses;
    assert.ok(whole);
    for (const rung of rungs.filter((each) => each <= whole.epochs.length)) {
      const trial = cut(whole, rung);
      const improved = {
        ...trial,
        epochs: trial.epochs.map((values, each) =>
          each !== epoch % rung
            ? values
            : values.map((old, position) =>
                position !== objective ? old : Number.isNaN(old) ? 6 : old - 1.5,
              ),
        ),
      };
      for (const [name, stop] of Object.entries(comparing)) {
        if (stop({ ...question(trial, others, {}), floors }) !== null) continue;
        wentOn++;
        assert.equal(stop({ ...question(improved, others, {}), floors }), null, name);
      }
    }
  });
  fc.assert(property, settings);
  assert.ok(wentOn > 500, `${wentOn}`);
});

test('a trial that no other one beats goes on, whatever the objectives', () => {
  const property = fc.property(cases, ({ courses: [trial, ...others], floors }) => {
    assert.ok(trial);
    const unbeatable = trial.epochs.map((values) => values.map((_, position) => -1 - position));
    for (const rung of rungs.filter((each) => each <= trial.epochs.length)) {
      for (const stop of Object.values(comparing)) {
        const asked: Asked = question(cut({ ...trial, epochs: unbeatable }, rung), others, {});
        assert.equal(stop({ ...asked, floors }), null);
      }
    }
  });
  fc.assert(property, settings);
});

test('patience stops nobody that improves in the last epoch', () => {
  const property = fc.property(fc.array(value, { maxLength: 30 }), (values) => {
    const epochs = [...values.map((each) => [each]), [-1]];
    const asked = question(courseOf(0, epochs), [], { epochs: 1, minDelta: 0 });
    assert.equal(stopping(patience)(asked), null);
  });
  fc.assert(property, settings);
});

const row = fc.array(fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined }), {
  minLength: 1,
  maxLength: 4,
});
const contenders = fc
  .array(row, { minLength: 2, maxLength: 9 })
  .map((rows) => rows.map((values, index) => contender(index, values)));
const drop = (
  choice: ReturnType<typeof contender>,
  others: readonly ReturnType<typeof contender>[],
) => race.dropChoice?.({ choice, others, floors: [], options: { confidence: 0.6 } });

test('a race does not depend on the order of the others, and drops nobody with the best mean', () => {
  let dropped = 0;
  const property = fc.property(contenders, ([choice, ...others]) => {
    assert.ok(choice);
    const reason = drop(choice, others);
    assert.equal(drop(choice, others.toReversed()), reason);
    if (reason !== null) dropped++;
    // Less than all others in every replicate.
    const ahead = contender(
      choice.index,
      [...choice.replicates.keys()].map(() => -1),
    );
    assert.equal(drop(ahead, others), null);
  });
  fc.assert(property, { ...settings, numRuns: 2000 });
  assert.ok(dropped > 20, `${dropped}`);
});
