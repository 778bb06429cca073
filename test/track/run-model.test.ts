import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalRecord } from '../../src/record/index.ts';
import { createRunModel, undefinedMetrics } from '../../src/track/run-model.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const milliseconds = (second: number) => Date.parse(at(second));

const trial: JournalRecord = {
  type: 'trial',
  time: at(0),
  number: 1,
  id: 'a',
  choice: 'c',
  tasks: ['stay'],
  control: null,
  parameters: {},
  replicate: 0,
  seed: 1,
};
const epoch = (number: number, second: number, mae: number): JournalRecord => ({
  type: 'epoch',
  time: at(second),
  number: 1,
  epoch: number,
  metrics: { 'validation/stay/mae': mae },
  seconds: 1,
});
const finish = (second: number, mae: number): JournalRecord => ({
  type: 'finish',
  time: at(second),
  number: 1,
  epochs: 2,
  bestEpoch: 1,
  seconds: 3,
  metrics: { 'test/stay/mae': mae },
  weights: 10,
});
const model = (...records: readonly JournalRecord[]) => {
  const run = createRunModel();
  for (const record of records) run.add(record);
  const found = run.trials.get(1);
  assert.ok(found);
  return found;
};
const start: JournalRecord = { type: 'start', time: at(1), number: 1, fromEpoch: 0 };

test('an epoch that was trained again from a checkpoint gives its points once', () => {
  const interrupt: JournalRecord = { type: 'interrupt', time: at(4), number: 1, epoch: 1 };
  const again: JournalRecord = { type: 'start', time: at(5), number: 1, fromEpoch: 1 };
  const { points, status, started } = model(
    trial,
    start,
    epoch(1, 2, 3),
    epoch(2, 3, 2.5),
    interrupt,
    again,
    epoch(2, 6, 2.5),
    epoch(3, 7, 2.4),
  );
  assert.deepEqual(
    points.map(({ step, value, timestamp }) => [step, value, timestamp]),
    [
      [1, 3, milliseconds(2)],
      [2, 2.5, milliseconds(3)],
      [3, 2.4, milliseconds(7)],
    ],
  );
  assert.equal(status, 'running');
  assert.equal(started, milliseconds(1));
});

test('the best epoch’s metrics come once, at its step', () => {
  const { points, status } = model(trial, start, epoch(1, 2, 3), finish(4, 2.9), finish(5, 2.9));
  const best = points.filter(({ key }) => key === 'best/test/stay/mae');
  assert.deepEqual(best, [
    { key: 'best/test/stay/mae', value: 2.9, timestamp: milliseconds(4), step: 1 },
  ]);
  assert.equal(status, 'finished');
});

test('a metric that ends in NaN leaves its last number to be seen, and is named', () => {
  const ended = model(trial, start, epoch(1, 2, 3), epoch(2, 3, Number.NaN), finish(4, 1));
  const last = ended.points.filter(({ key }) => key.endsWith('last_finite'));
  assert.deepEqual(last, [
    { key: 'validation/stay/mae/last_finite', value: 3, timestamp: milliseconds(4), step: 1 },
  ]);
  assert.deepEqual(undefinedMetrics(ended), ['validation/stay/mae']);
});

test('a trial that fails twice leaves one last number', () => {
  const fail = (second: number): JournalRecord => ({
    type: 'fail',
    time: at(second),
    number: 1,
    reason: 'NaN',
  });
  const ended = model(
    trial,
    start,
    epoch(1, 2, 3),
    epoch(2, 3, Number.NaN),
    fail(4),
    start,
    fail(6),
  );
  assert.equal(ended.points.filter(({ key }) => key.endsWith('last_finite')).length, 1);
  assert.equal(ended.failure, 'NaN');
});

test('what the machine did has its own steps', () => {
  const sample = (second: number): JournalRecord => ({
    type: 'system',
    time: at(second),
    number: 1,
    metrics: { cpu_utilization_percentage: second },
  });
  const { points } = model(trial, start, sample(2), epoch(1, 3, 3), sample(4));
  assert.deepEqual(
    points
      .filter(({ key }) => key.startsWith('system/'))
      .map(({ key, value, step }) => [key, value, step]),
    [
      ['system/cpu_utilization_percentage', 2, 0],
      ['system/cpu_utilization_percentage', 4, 1],
    ],
  );
});

test('points are only ever added, however often the journal is read on', () => {
  const records = [trial, start, epoch(1, 2, 3), epoch(2, 3, Number.NaN), finish(4, 1)];
  let before: readonly unknown[] = [];
  for (let count = 1; count <= records.length; count++) {
    const { points } = model(...records.slice(0, count));
    assert.deepEqual(points.slice(0, before.length), before);
    before = points;
  }
});
