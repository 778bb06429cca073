import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalRecord } from '../../src/record/index.ts';
import { type RunView, readRun } from '../../src/report/index.ts';
import { hospital, madeSweepRecords } from '../mlflow/populate.ts';
import { chartsOf, runOf, statesOf } from './read-view.ts';

const view = runOf(hospital);
const rate = 'training.optimizer.adam.learningRate';
const units = 'shared.layers[0].dense.units';

test('averages have parallel coordinates of what all trials have, joint trials of all that was swept', () => {
  const worded = {
    ...hospital,
    parameters: { ...hospital.parameters, weighting: ['fixed', 'dwa'] },
  };
  const { choices, trials } = statesOf(runOf(worded));
  const metrics = ['best/validation/circulatory/auc', 'best/validation/stay/mae'];
  const [grouped] = chartsOf(choices, 'PARALLEL');
  assert.deepEqual(grouped?.selectedMetrics, metrics);
  assert.deepEqual([...(grouped?.selectedParams ?? [])].sort(), [
    'shared.layers.0.dense.units',
    rate,
  ]);
  const [single] = chartsOf(trials, 'PARALLEL');
  assert.deepEqual(single?.selectedMetrics, metrics);
  assert.deepEqual([...(single?.selectedParams ?? [])].sort(), [
    'heads.stay.weight',
    'shared.layers.0.dense.units',
    rate,
    'weighting',
  ]);
});

test('an axis that most of the lines lack is left out: the page would drop all of them', () => {
  const task = { type: 'regression', metrics: [{ name: 'mae', direction: 'minimize' }] } as const;
  const names = ['a', 'b', 'c', 'd', 'e'];
  const tasks = Object.fromEntries(names.map((name) => [name, task]));
  const many = runOf({ ...hospital, tasks, parameters: { [rate]: [0.1, 0.2] } });
  const { choices, trials } = statesOf(many);
  assert.deepEqual(chartsOf(choices, 'PARALLEL'), []);
  assert.equal(chartsOf(trials, 'PARALLEL')[0]?.selectedMetrics?.length, 5);
});

test('a contour is of joint choices alone', () => {
  const axes = (of: RunView) =>
    chartsOf(statesOf(of).choices, 'CONTOUR').map(({ xaxis, yaxis, zaxis }) => [
      [xaxis?.key, yaxis?.key].sort().join(', '),
      zaxis?.key,
    ]);
  // Controls of `circulatory` have no weight of `stay`; those of `stay` lie below joint choices.
  const weighted = axes(view);
  assert.deepEqual(
    weighted.map(([, z]) => z),
    ['best/validation/circulatory/auc', 'best/validation/stay/mae'],
  );
  assert.match(weighted[0]?.[0] ?? '', /heads.stay.weight/);
  // Controls of the head that rows are ordered by would lie above joint choices.
  const shared = { [rate]: [0.1, 0.2], [units]: [32, 64] };
  assert.deepEqual(axes(runOf({ ...hospital, parameters: shared })), [
    [`shared.layers.0.dense.units, ${rate}`, 'best/validation/stay/mae'],
  ]);
  assert.equal(axes(runOf({ ...hospital, parameters: shared, hasControls: false })).length, 2);
});

test('the most important path is the axis of the scatters', () => {
  const records = madeSweepRecords({ ...hospital, hasControls: false }).map(
    (record): JournalRecord => {
      const trial = view.trials.find(
        ({ number }) => 'number' in record && number === record.number,
      );
      if (record.type !== 'finish' || !trial) return record;
      const own = 1 / Number(trial.parameters['heads.stay.weight']);
      return {
        ...record,
        metrics: {
          ...record.metrics,
          'validation/stay/mae': own,
          'validation/circulatory/auc': own,
        },
      };
    },
  );
  const scatters = chartsOf(statesOf(readRun(records)).choices, 'SCATTER');
  assert.deepEqual(
    scatters.map(({ xaxis }) => xaxis?.key),
    ['heads.stay.weight', 'heads.stay.weight'],
  );
});

test('lists of layers are an axis of the parallel coordinates only', () => {
  const layers = [64, 128].map((own) => [{ dense: { units: own, activation: 'relu' } }]);
  const { choices, trials } = statesOf(
    runOf({ ...hospital, parameters: { 'shared.layers': layers } }),
  );
  assert.deepEqual(chartsOf(choices, 'SCATTER'), []);
  assert.deepEqual(chartsOf(trials, 'PARALLEL')[0]?.selectedParams, ['shared.layers']);
  const swept = chartsOf(trials, 'SCATTER').filter(({ xaxis }) => xaxis?.key === 'shared.layers');
  assert.deepEqual(swept, []);
});
