import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rng } from '../../../src/plan/random.ts';
import type { RunView } from '../../../src/report/index.ts';
import { readRun } from '../../../src/report/index.ts';
import { hypervolumeHistory, paretoFront } from '../../../src/report/sweep/pareto.ts';
import { frontText, keptText } from '../../../src/report/sweep/words.ts';
import { madeJournal, madeTrials } from '../fixture.ts';
import { sweepView } from './made-sweep.ts';

const close = (value: number | undefined, expected: number, tolerance = 1e-12) =>
  assert.ok(Math.abs((value ?? Number.NaN) - expected) <= tolerance, `${value} is not ${expected}`);

const auc = { metric: 'validation/ill/auc', direction: 'maximize' } as const;
const mae = { metric: 'validation/stay/mae', direction: 'minimize' } as const;

/** One choice for each pair of [auc, mae]. */
const twoTasks = (pairs: readonly (readonly [number, number])[]): RunView =>
  sweepView(
    [auc, mae],
    pairs.map(([ill, stay], index) => ({
      parameters: { units: index },
      values: { [auc.metric]: [ill], [mae.metric]: [stay] },
    })),
  );

test('the front is made of means over replicates, each objective in its own direction', () => {
  // The fixture's `large` is better on both.
  const front = paretoFront(readRun(madeJournal()));
  assert.deepEqual(
    front.map(({ choice, trials }) => [choice, trials]),
    [['large', [4, 5, 6]]],
  );
  const traded = madeTrials.map((made) =>
    made.choice === 'small'
      ? { ...made, validation: made.validation.map(([ill]) => [ill, 1.5] as const) }
      : made,
  );
  assert.deepEqual(
    paretoFront(readRun(madeJournal(traded))).map(({ choice }) => choice),
    ['small', 'large'],
  );
});

test('the volume grows from choice to choice, measured from the worst values seen', () => {
  const view = twoTasks([
    [0.5, 4], // the worst of both: nothing
    [0.7, 3], // half of each axis: a quarter
    [0.6, 3.5], // dominated
    [0.9, 3.5], // 0.25 wide, all of the other: adds 0.25 x 0.5
    [0.6, 2], // the best mae, a quarter of auc: adds 0.5 x 0.25
    [0.9, 2], // the best of both
  ]);
  const volume = hypervolumeHistory(view);
  assert.deepEqual(volume?.reference, { [auc.metric]: 0.5, [mae.metric]: 4 });
  assert.deepEqual(volume?.best, { [auc.metric]: 0.9, [mae.metric]: 2 });
  const expected = [0, 0.25, 0.25, 0.375, 0.5, 1];
  for (const [index, value] of expected.entries()) close(volume?.history[index]?.value, value);
  close(volume?.value, 1);
});

test('choices whose metric is not defined are on no front and in no volume', () => {
  const view = twoTasks([
    [0.5, 4],
    [Number.NaN, 1],
    [0.9, 2],
  ]);
  assert.deepEqual(
    paretoFront(view).map(({ trials }) => trials),
    [[3]],
  );
  assert.equal(hypervolumeHistory(view)?.history.length, 2);
});

test('there is no volume of one objective, of four, or of a single choice', () => {
  assert.equal(hypervolumeHistory(twoTasks([[0.5, 4]])), null);
  const one = twoTasks([
    [0.5, 4],
    [0.9, 2],
  ]);
  assert.equal(hypervolumeHistory({ ...one, objective: [auc] }), null);
  assert.equal(hypervolumeHistory({ ...one, objective: [auc, mae, auc, mae] }), null);
  assert.deepEqual(
    paretoFront({ ...one, objective: [auc] }).map(({ trials }) => trials),
    [[2]],
  );
});

test('ten thousand choices, some hundred of them on the front, are ranked', () => {
  // Sharp trade-off: a line with a little noise towards the worse side.
  const random = rng(5, 'noise');
  const view = twoTasks(
    Array.from({ length: 10_000 }, () => {
      const [along, off] = [random.next(), 0.02 * random.next() ** 2];
      return [0.5 + along * 0.3 - off, 1 + along + off] as const;
    }),
  );
  assert.ok(paretoFront(view).length > 100, `${paretoFront(view).length}`);
  // About half of the box is covered: the worst that was seen is a little beyond the line.
  close(hypervolumeHistory(view)?.value, 0.53, 0.02);
});

test('the words say which model is kept and by what rule, and what the front is', () => {
  const view = readRun(madeJournal());
  // `large` is first on both objectives; of its replicates the third has the highest auc.
  assert.equal(
    keptText(view),
    'The model to keep is trial 6 (units 64): its choice has the least mean rank over the objectives (maximize ill/auc, minimize stay/mae), and of its 3 replicates it is the best on ill/auc.',
  );
  assert.equal(
    frontText(view),
    '1 of 2 choices is on the Pareto front: no other choice is at least as good on every objective and better on one. Its hypervolume is 1.000 of the box from the worst values seen (ill/auc 0.7100, stay/mae 2.200) to the best.',
  );
  const one = { ...view, objective: view.objective.slice(1) };
  assert.match(keptText(one) ?? '', /its choice is the best \(minimize stay\/mae\), and of its 3/);
  assert.equal(frontText(one), null);
  assert.match(
    frontText({ ...view, objective: [...view.objective, ...view.objective] }) ?? '',
    /No hypervolume is computed for more than 3 objectives\.$/,
  );
});
