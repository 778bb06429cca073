import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRun, renderChoices, resultsJson, selectChoices } from '../../../src/report/index.ts';
import { madeJournal } from '../fixture.ts';
import { sweepView } from './made-sweep.ts';

const run = readRun(madeJournal());
const none = { descending: false };

/** The numbers of the trials that are listed, choice by choice. */
function listed(where: readonly string[], more: object = {}, view = run) {
  const selected = selectChoices(view, { ...none, where, ...more });
  if (!selected.ok) throw new Error(selected.reasons.join('\n'));
  return selected.choices.map(({ trials }) => trials.map(({ number }) => number));
}

function reasons(where: readonly string[], more: object = {}) {
  const selected = selectChoices(run, { ...none, where, ...more });
  return selected.ok ? [] : selected.reasons;
}

test('a parameter is known by its path and by its heading in the table', () => {
  const path = 'shared.layers[0].dense.units';
  assert.deepEqual(listed([`${path}<64`, 'control=none']), [[1, 2, 3]]);
  assert.deepEqual(listed(['units>=64', 'control=none']), [[4, 5, 6]]);
  assert.deepEqual(listed(['units != 64', 'control != none']), [[7, 8, 9]]);
});

test('facts of a trial narrow the choices to the trials that have them', () => {
  assert.deepEqual(listed(['replicate=1', 'control=none']), [[5], [2]]);
  assert.deepEqual(listed(['number<=4', 'number>1']), [[4], [2, 3]]);
  assert.deepEqual(listed(['tasks=stay']), [[13, 14, 15]]);
  assert.deepEqual(listed(['control=singleTask', 'tasks!=stay']), [
    [7, 8, 9],
    [10, 11, 12],
  ]);
  assert.deepEqual(listed(['status=failed']), []);
});

test('a metric is the mean over the replicates that are left', () => {
  // Means of auc on validation: 0.71 and 0.75; of the controls 0.74 and 0.70.
  assert.deepEqual(listed(['ill/auc>0.72']), [
    [4, 5, 6],
    [7, 8, 9],
  ]);
  assert.deepEqual(listed(['validation/ill/auc>0.72', 'control=none']), [[4, 5, 6]]);
  // Of the third replicate alone it is 0.72 and 0.76.
  assert.deepEqual(listed(['ill/auc>=0.72', 'replicate=2', 'control=none']), [[6], [3]]);
  assert.deepEqual(listed(['test ill/auc<0.705', 'control=none']), [[1, 2, 3]]);
});

test('choices come by rank, or sorted as asked for, and never more than the limit', () => {
  assert.deepEqual(listed(['control=none']), [
    [4, 5, 6],
    [1, 2, 3],
  ]);
  assert.deepEqual(listed(['control=none'], { sort: 'number' }), [
    [1, 2, 3],
    [4, 5, 6],
  ]);
  assert.deepEqual(listed([], { sort: 'ill/auc', descending: true, limit: 2 }), [
    [4, 5, 6],
    [7, 8, 9],
  ]);
  assert.deepEqual(listed(['control=none'], { descending: true }), [
    [1, 2, 3],
    [4, 5, 6],
  ]);
  // Controls of ill have no mae: they stand last both ways.
  for (const descending of [false, true])
    assert.deepEqual(listed([], { sort: 'stay/mae', descending }).slice(-2), [
      [7, 8, 9],
      [10, 11, 12],
    ]);
});

test('blocks, words and what is not set can be asked for', () => {
  const view = sweepView(
    [{ metric: 'validation/ill/auc', direction: 'maximize' }],
    [
      {
        parameters: { optimizer: { adam: { beta: 0.9, epsilon: 0.001 } }, name: 'one' },
        values: {},
      },
      { parameters: { optimizer: { sgd: {} }, momentum: 0.5, name: 'two' }, values: {} },
      {
        parameters: { optimizer: { sgd: {} }, momentum: 0.9, name: 'two', deep: true },
        values: {},
      },
    ],
  );
  const ask = (...where: string[]) => listed(where, {}, view).flat();
  assert.deepEqual(ask('optimizer=adam'), [1]);
  // The table cuts it, MLflow does not.
  assert.deepEqual(ask('optimizer=adam(beta 0.9, epsilon 0.001)'), [1]);
  assert.deepEqual(ask('optimizer={"sgd":{}}'), [2, 3]);
  assert.deepEqual(ask('momentum=none'), [1]);
  assert.deepEqual(ask('momentum!=none', 'momentum<0.9'), [2]);
  assert.deepEqual(ask('momentum=9e-1'), [3]);
  assert.deepEqual(ask('name=two', 'deep=true'), [3]);
  assert.deepEqual(ask('name<5'), []);
});

test('what cannot be read is told, all of it at once', () => {
  const path = 'shared.layers[0].dense.unit';
  assert.match(
    reasons([`${path}<64`])[0] ?? '',
    /^--where 'shared.*: nothing in this run is called/,
  );
  assert.match(reasons(['unit<64'])[0] ?? '', /Did you mean "units"\? Names: status, number, /);
  assert.match(reasons(['units'])[0] ?? '', /expected <name><operator><value>/);
  assert.match(reasons(['units==64'])[0] ?? '', /"==" is no operator, one "=" is/);
  assert.match(reasons(['<64'])[0] ?? '', /expected a name before "<"/);
  assert.match(reasons(['units<'])[0] ?? '', /expected a value after "<"/);
  assert.match(reasons(['units<large'])[0] ?? '', /"<" compares numbers, and "large" is none/);
  assert.match(reasons(['status=done'])[0] ?? '', /"done" is no status: finished, failed, pruned/);
  assert.match(reasons([], { sort: 'ill/auk' })[0] ?? '', /^--sort 'ill\/auk': .*"ill\/auc"/);
  assert.equal(reasons(['units<', 'unit=1', 'units=64'], { sort: 'x' }).length, 3);
});

test('JSON lists the same trials in the same order, and keeps the verdict of the whole run', () => {
  const selected = selectChoices(run, { ...none, where: ['ill/auc>0.72'], limit: 1 });
  if (!selected.ok) throw new Error('not selected');
  const json = resultsJson(run, new Map(), selected.choices);
  assert.deepEqual(
    json.trials.map(({ number }) => number),
    [4, 5, 6],
  );
  assert.deepEqual(
    json.choices.map(({ rank, replicates }) => [rank, replicates]),
    [[1, 3]],
  );
  assert.deepEqual(json.gain, resultsJson(run).gain);
  assert.deepEqual(
    json.front.map(({ trials }) => trials),
    [[4, 5, 6]],
  );
});

test('the table of chosen choices shows controls by their tasks', () => {
  const selected = selectChoices(run, { ...none, where: ['replicate<2', 'tasks!=stay'] });
  if (!selected.ok) throw new Error('not selected');
  const lines = renderChoices(run, selected.choices, { width: 200, color: false }).split('\n');
  assert.equal(lines[0], 'made: 8 trials finished of 15');
  assert.match(lines[2] ?? '', /^rank +tasks +units +ill\/auc .* replicates {2}trials$/);
  assert.match(lines[3] ?? '', /^ {3}1\* +ill,stay +64 +0\.7450 ± 0\.0071 .* 2 +4,5$/);
  assert.match(lines[5] ?? '', /^ {3}– +ill +32 +0\.7350 ± 0\.0071 +– .* 2 +7,8$/);
});

test('a choice of which nothing finished is listed with all of its trials', () => {
  const view = sweepView(
    [{ metric: 'validation/ill/auc', direction: 'maximize' }],
    [
      { parameters: { units: 1 }, values: { 'validation/ill/auc': [0.5, 0.6] } },
      { parameters: { units: 2 }, values: { 'validation/ill/auc': [0.5, 0.6] }, status: 'pruned' },
    ],
  );
  const selected = selectChoices(view, { ...none, where: ['status=pruned'] });
  if (!selected.ok) throw new Error('not selected');
  const lines = renderChoices(view, selected.choices, { width: 200, color: false }).split('\n');
  assert.equal(lines[0], 'made: 2 trials pruned of 4');
  assert.match(lines[3] ?? '', /^ +– +2 +– +– +5 +1\.000 +0 of 2 +3,4$/);
});
