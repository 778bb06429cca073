import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalRecord, LeftOutRecord } from '../../src/record/journal-record.ts';
import { renderHtml } from '../../src/report/html.ts';
import { readRun, renderTable, resultsJson, selectChoices } from '../../src/report/index.ts';
import { runNote } from '../../src/report/run-note.ts';
import { createRunModel } from '../../src/track/run-model.ts';
import { sweepView } from '../../src/track/send-sweep.ts';
import { madeJournal } from './fixture.ts';

const time = '2026-01-01T00:00:00.000Z';

/** The made run with four more trials: 16 and 17 never started, 18 waited, 19 was stopped. */
function journal(leftOut?: readonly LeftOutRecord[]): JournalRecord[] {
  const made = madeJournal();
  const [execution] = made;
  const model = made.find((record) => record.type === 'trial');
  if (execution?.type !== 'execution' || model?.type !== 'trial') throw new Error('no trial');
  const numbers = [16, 17, 18, 19];
  return [
    { ...execution, trials: [...execution.trials, ...numbers] },
    ...made.slice(1),
    ...numbers.map((number) => ({ ...model, number, id: `more${number}` })),
    { type: 'start', time, number: 19, fromEpoch: 0 },
    { type: 'interrupt', time, number: 19, epoch: 0 },
    { type: 'interrupt', time, number: 18, epoch: 0 },
    { type: 'end', time, execution: 1, status: 'interrupted', ...(leftOut ? { leftOut } : {}) },
  ];
}

const statusesOf = (records: readonly JournalRecord[]) =>
  readRun(records)
    .trials.slice(15)
    .map(({ number, status }) => [number, status]);

test('what never ran has not started, and only what ran is interrupted', () => {
  assert.deepEqual(statusesOf(journal()), [
    [16, 'not started'],
    [17, 'not started'],
    [18, 'not started'],
    [19, 'interrupted'],
  ]);
  const selected = selectChoices(readRun(journal()), {
    where: ['status=not started'],
    descending: false,
  });
  assert.ok(selected.ok);
  assert.deepEqual(
    selected.choices.flatMap(({ trials }) => trials.map(({ number }) => number)),
    [16, 17, 18],
  );
});

const spent = 'the budget of 20 epochs is spent: 24 were trained';

test('what a budget left out is no trial of the run, and how many there were is said', () => {
  const view = readRun(journal([{ reason: spent, trials: [16, 17, 18, 19] }]));
  assert.deepEqual(
    view.trials.slice(15).map(({ number, status }) => [number, status]),
    [[19, 'interrupted']],
    'what ran before keeps what it has',
  );
  const note = `3 of 19 trials were left out, because ${spent}. Another sweep.budget trains them.`;
  const table = renderTable(view, { width: 120, color: false });
  assert.ok(table.split('\n').includes(note), table);
  assert.match(table, /^made: 15 trials finished, 1 trial interrupted, tensorflow/m);
  assert.ok(renderHtml(view).includes(note));
  assert.ok(runNote(view).includes(`16 trials: 15 finished, 1 interrupted. ${note}`));
  const results = resultsJson(view);
  assert.deepEqual(results.leftOut, [{ reason: spent, trials: [16, 17, 18] }]);
  assert.equal(results.trials.length, 16);
  const model = createRunModel();
  for (const record of journal([{ reason: spent, trials: [16, 17, 18, 19] }])) model.add(record);
  assert.deepEqual(sweepView(model).leftOut, view.leftOut, 'MLflow is told the same');
  assert.equal('leftOut' in resultsJson(readRun(journal())), false);
});

test('a grid that a budget cut is told by its choices', () => {
  const view = readRun(journal([{ reason: 'the budget is for 6 trials', choices: 1 }]));
  assert.match(
    renderTable(view, { width: 120, color: false }),
    /^1 choice of the grid was left out, because the budget is for 6 trials\. Another sweep\.budget trains it\.$/m,
  );
});

test('another execution without a budget leaves nothing out', () => {
  const [execution, ...records] = journal([{ reason: spent, trials: [16, 17, 18] }]);
  assert.ok(execution?.type === 'execution');
  const again = [execution, ...records, { ...execution, execution: 2 }];
  assert.deepEqual(readRun(again).leftOut, []);
  assert.equal(readRun(again).trials.length, 19);
  const narrowed = [...again.slice(0, -1), { ...execution, execution: 2, trials: [1, 2] }];
  assert.deepEqual(
    readRun(narrowed, { execution: 'all' }).trials.map(({ number }) => number),
    [...Array.from({ length: 15 }, (_, index) => index + 1), 19],
    'of all trials, those that were ever trained',
  );
});
