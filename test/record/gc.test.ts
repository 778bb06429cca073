import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { folderCost, openJournal, removeLeftovers, runPaths } from '../../src/record/index.ts';
import type { JournalRecord, TrialRecord } from '../../src/record/journal-record.ts';
import { madeRecords } from '../track/made-run.ts';

const time = '2026-01-01T00:00:00.000Z';
const dead = 4194303; // Above every process number in use.

function runFolder(records: readonly JournalRecord[], files: Readonly<Record<string, number>>) {
  const folder = mkdtempSync(join(tmpdir(), 'gc-'));
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), Buffer.alloc(bytes));
  }
  using journal = openJournal(runPaths(folder).journal);
  for (const record of records) journal.append(record);
  return folder;
}

const trial = (number: number, data?: string): TrialRecord => {
  const [record] = madeRecords({ trials: 1, epochs: 0 }).filter(({ type }) => type === 'trial');
  assert.ok(record?.type === 'trial');
  const { data: _, ...rest } = record;
  return { ...rest, number, id: `id-${number}`, ...(data ? { data } : {}) };
};
const execution = (number: number, trials: readonly number[]): JournalRecord => {
  const [record] = madeRecords({ trials: 1, epochs: 0 });
  assert.ok(record?.type === 'execution');
  return { ...record, execution: number, trials };
};
const start = (number: number): JournalRecord => ({ type: 'start', time, number, fromEpoch: 0 });
const finish = (number: number): JournalRecord => ({
  type: 'finish',
  time,
  number,
  epochs: 1,
  bestEpoch: 1,
  seconds: 1,
  metrics: {},
  weights: 1,
});

const pathsOf = (folder: string, pruned = false) =>
  folderCost(folder, { pruned })
    .leftovers.map(({ path, bytes }) => `${path} ${bytes}`)
    .sort();

test('what a run costs is counted by kind', () => {
  const folder = runFolder([], {
    'trials/1/model/weights.bin': 100,
    'trials/1/model/model.json': 10,
    'trials/1/predictions.csv': 20,
    'trials/1/resolved.yaml': 1,
    'trials/2/checkpoint.bin': 300,
    'data/key/train.rows': 400,
    'workers.log': 5,
    'mlflow/local.jsonl': 6,
  });
  const { bytes } = folderCost(folder, { pruned: false });
  assert.deepEqual(bytes, {
    journal: 0,
    models: 110,
    checkpoints: 300,
    predictions: 20,
    data: 400,
    workerLog: 5,
    other: 7,
  });
});

test('the checkpoints of finished trials go; those of failed, interrupted and killed ones stay', () => {
  const files = [1, 2, 3, 4, 9].map((number) => [`trials/${number}/checkpoint.bin`, number]);
  const records: JournalRecord[] = [
    execution(1, [1, 2, 3, 4]),
    ...[1, 2, 3, 4].flatMap((number) => [trial(number), start(number)]),
    finish(1),
    { type: 'fail', time, number: 2, reason: 'killed' },
    { type: 'interrupt', time, number: 3, epoch: 1 },
  ];
  const folder = runFolder(records, Object.fromEntries(files));
  // The journal knows no ninth trial: its checkpoint is another run's, and would not be used.
  assert.deepEqual(pathsOf(folder), ['trials/1/checkpoint.bin 1', 'trials/9/checkpoint.bin 9']);
});

test('checkpoints of pruned trials go only when they are asked for', () => {
  const prune = { type: 'prune', time, number: 1, epoch: 3, reason: 'median' };
  const folder = runFolder([execution(1, [1]), trial(1), start(1)], {
    'trials/1/checkpoint.bin': 8,
  });
  writeFileSync(runPaths(folder).journal, `${JSON.stringify(prune)}\n`, { flag: 'a' });
  assert.deepEqual(pathsOf(folder), []);
  assert.deepEqual(pathsOf(folder, true), ['trials/1/checkpoint.bin 8']);
});

test('what a dead process left half written goes, a living one’s stays', () => {
  const folder = runFolder([execution(1, [1]), trial(1, 'new')], {
    [`trials/1/model/weights.bin.${dead}.part`]: 10,
    [`trials/1/checkpoint.bin.${process.pid}.part`]: 11,
    [`data/new.${dead}-0a1b2c3d.staging/train.rows`]: 12,
    [`data/new.${dead}-0a1b2c3d.staging/test.rows`]: 13,
    [`lock.${dead}.new`]: 1,
    'data/new/train.rows': 14,
  });
  assert.deepEqual(pathsOf(folder), [
    `data/new.${dead}-0a1b2c3d.staging 25`,
    `lock.${dead}.new 1`,
    `trials/1/model/weights.bin.${dead}.part 10`,
  ]);
});

test('prepared data go when no trial of the last execution reads them, those of its own stay', () => {
  const folder = runFolder(
    [execution(1, [1]), trial(1, 'old'), execution(2, [2]), trial(2, 'new'), trial(3, 'late')],
    { 'data/old/train.rows': 1, 'data/old/test.rows': 2, 'data/new/a': 3, 'data/late/a': 4 },
  );
  assert.deepEqual(pathsOf(folder), ['data/old 3']);
});

test('prepared data stay where the journal does not tell who reads them', () => {
  const files = { 'data/old/train.rows': 1 };
  assert.deepEqual(pathsOf(runFolder([execution(1, [1]), trial(1)], files)), []);
  assert.deepEqual(pathsOf(runFolder([], files)), []);
});

test('nothing else is ever removed', () => {
  const records = [execution(1, [1]), trial(1, 'new'), start(1), finish(1)];
  const kept = [
    'trials/1/model/weights.bin',
    'trials/1/predictions.csv',
    'trials/1/resolved.yaml',
    'executions/1/spec.yaml',
    'data/new/train.rows',
    'workers.log',
    'report.html',
    'mlflow/local.jsonl',
  ];
  const folder = runFolder(records, {
    ...Object.fromEntries(kept.map((name) => [name, 1])),
    'trials/1/checkpoint.bin': 1,
  });
  removeLeftovers(folder, folderCost(folder, { pruned: true }).leftovers);
  assert.deepEqual(
    [...kept, 'journal.jsonl'].filter((name) => !existsSync(join(folder, name))),
    [],
  );
  assert.equal(existsSync(join(folder, 'trials/1/checkpoint.bin')), false);
  assert.deepEqual(pathsOf(folder), []);
});
