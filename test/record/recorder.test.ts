import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import {
  createRecorder,
  dropForeignCheckpoints,
  readCheckpoint,
  runPaths,
  writeWhole,
} from '../../src/record/index.ts';
import type { Journal } from '../../src/record/journal.ts';
import type { JournalRecord } from '../../src/record/journal-record.ts';

const time = '2026-01-01T00:00:00.000Z';
const folder = () => mkdtempSync(join(tmpdir(), 'recorder-'));

/** A journal in memory that notes its flushes among its records, and what is on disk at each. */
function memoryJournal(records: readonly JournalRecord[] = [], onFlush = () => {}) {
  const log: string[] = [];
  const journal: Journal = {
    records,
    append: (record) => log.push(record.type),
    flush() {
      log.push('flush');
      onFlush();
    },
    [Symbol.dispose]() {},
  };
  return { log, journal };
}

/** As `stateToBytes` writes it, without tensors. */
function checkpointBytes(epoch: number): Buffer {
  const header = Buffer.from(JSON.stringify({ tensors: [], note: { epoch } }));
  const length = Buffer.alloc(8);
  length.writeUInt32LE(header.length, 0);
  return Buffer.concat([length, header]);
}

const recorderOf = (place: string, journal: Journal) =>
  createRecorder(place, (record) => journal.append({ ...record, time }), journal.flush);

test('the epochs that a checkpoint stands for are on the disk before it', async () => {
  const place = folder();
  const seen: boolean[] = [];
  const path = runPaths(place).trial(1, 'checkpoint.bin');
  const { journal, log } = memoryJournal([], () => seen.push(existsSync(path)));
  const record = recorderOf(place, journal);
  await record({ type: 'epoch', number: 1, epoch: 1, metrics: {}, seconds: 1 });
  await record({ type: 'checkpoint', number: 1, epoch: 1, bytes: checkpointBytes(1) });
  assert.deepEqual(log, ['epoch', 'flush', 'checkpoint']);
  assert.deepEqual(seen, [false]);
});

test('a trial’s checkpoint goes when its finish is on the disk, and not before', async () => {
  const place = folder();
  const path = runPaths(place).trial(1, 'checkpoint.bin');
  const seen: boolean[] = [];
  const { journal, log } = memoryJournal([], () => seen.push(existsSync(path)));
  const record = recorderOf(place, journal);
  writeWhole(path, checkpointBytes(1));
  await record({
    type: 'finished',
    number: 1,
    epochs: 1,
    bestEpoch: 1,
    seconds: 1,
    metrics: {},
    weights: 1,
    program: {
      engine: 'eager',
      fingerprint: null,
      reason: null,
      compileSeconds: 0,
      isReused: false,
    },
    files: { 'model/weights.bin': Buffer.from('w') },
  });
  assert.deepEqual(log, ['finish', 'flush']);
  assert.deepEqual(seen, [true]);
  assert.equal(existsSync(path), false);
  assert.equal(readFileSync(runPaths(place).trial(1, 'model/weights.bin'), 'utf8'), 'w');
});

const start = (number: number): JournalRecord => ({ type: 'start', time, number, fromEpoch: 0 });
const epoch = (number: number, of: number): JournalRecord => ({
  type: 'epoch',
  time,
  number,
  epoch: of,
  metrics: {},
  seconds: 1,
});

test('a trial goes on from a checkpoint only where the journal has all that came before it', () => {
  const place = folder();
  const checkpoints = { 1: 2, 2: 2, 3: 0, 4: 0, 5: 2 };
  for (const [number, epochs] of Object.entries(checkpoints))
    writeWhole(runPaths(place).trial(Number(number), 'checkpoint.bin'), checkpointBytes(epochs));
  writeWhole(runPaths(place).trial(6, 'checkpoint.bin'), 'no checkpoint');
  const records = [
    ...[start(1), epoch(1, 1), epoch(1, 2)],
    ...[start(2), epoch(2, 1)], // The second epoch was lost with the power.
    start(3), // In the middle of its first epoch.
    // The fourth never started: somebody deleted the journal, and its numbers are given again.
    ...[start(5), epoch(5, 2)],
    start(6),
  ];
  dropForeignCheckpoints(place, records);
  const kept = [1, 2, 3, 4, 5, 6].filter((number) => readCheckpoint(place, number) !== null);
  assert.deepEqual(kept, [1, 3]);
});

test('a file that cannot be written whole leaves nothing behind, and its path is told', () => {
  const path = join(folder(), 'trials/1/model.json');
  mkdirSync(join(path, 'in its way'), { recursive: true });
  assert.throws(
    () => writeWhole(path, 'text'),
    (error: NodeJS.ErrnoException) => error.path === path && error.code === 'EISDIR',
  );
  assert.deepEqual(readdirSync(dirname(path)), ['model.json']);
});
