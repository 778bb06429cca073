import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NamedTensorMap } from '@tensorflow/tfjs';
import type { Tensors } from '../../src/compile/index.ts';
import { openPrepared } from '../../src/data/index.ts';
import { factsOf, rowTensors } from '../../src/execute/batches.ts';
import { epochSegments, labelledRows } from '../../src/execute/epoch-order.ts';
import { type TrainingRows, trainingRows } from '../../src/execute/training-rows.ts';
import { hospital, prepared } from '../compile/hospital.ts';
import { tf } from '../step/backend.ts';

const directory = await prepared(hospital);
const stored = openPrepared(directory).splits.train;
const facts = factsOf([stored]);
const presence = stored.loadPresence();
const tasks = Object.keys(presence);
const all = labelledRows(presence, stored.rows, tasks);
const rowBytes = stored.bytes / stored.rows;
/** Segments of about 400 rows of this table, in blocks of 10; pieces of 3 batches of 32. */
const small = { held: 0, segment: 400 * rowBytes, block: 10.5 * rowBytes, piece: 100 * rowBytes };
const draw = { seed: 1, replicate: 0, epoch: 2 };

/** The rows that an epoch's steps see, in order, without those that fill up; and how many pieces. */
async function seenIn(
  rows: TrainingRows,
  labelled = all,
  first = 0,
  drawn: typeof draw | null = draw,
) {
  const seen: Record<string, number[]> = {};
  let pieces = 0;
  for await (const items of rows.pieces({ labelled, draw: drawn, batchSize: 32, first })) {
    pieces += 1;
    const mask = items.mask?.dataSync() ?? [];
    for (const [name, tensor] of Object.entries(items)) {
      const width = tensor.size / mask.length;
      const values = tensor.dataSync().filter((_, at) => mask[Math.floor(at / width)] === 1);
      seen[name] = [...(seen[name] ?? []), ...values];
    }
  }
  return { seen, pieces };
}

/** The same, gathered from the whole split. */
function plainly(order: readonly number[]) {
  const tensors = Object.entries(rowTensors(stored.load(), facts));
  const gathered = tensors.map(([name, tensor]) => {
    const rows = tf.tidy(() => tf.gather(tensor, tf.tensor1d([...order], 'int32')).dataSync());
    tensor.dispose();
    return [name, [...rows]];
  });
  return { ...Object.fromEntries(gathered), mask: order.map(() => 1) };
}

/** Rows of the table, in the order of the segments. */
const orderOf = (labelled = all) =>
  [...epochSegments(labelled, draw, { blockRows: 10, reach: 400 })].flatMap(({ ranges, order }) => {
    const held = ranges.flatMap(({ first, rows }) =>
      Array.from({ length: rows }, (_, row) => first + row),
    );
    return Array.from(order, (place) => held[place] ?? Number.NaN);
  });

test('read from the disk, an epoch has the rows of its segments, one after the other', async () => {
  using rows = await trainingRows(stored, facts, small);
  assert.equal(rows.pieceBatches(32), 3);
  const { seen, pieces } = await seenIn(rows);
  assert.equal(pieces, Math.ceil(stored.rows / 96));
  assert.deepEqual(seen, plainly(orderOf()));
});

test('in the order of the table, memory and disk give the same', async () => {
  using held = await trainingRows(stored, facts);
  using read = await trainingRows(stored, facts, small);
  const [one, other] = [await seenIn(held, all, 0, null), await seenIn(read, all, 0, null)];
  assert.equal(one.pieces, 1);
  assert.deepEqual(other.seen, one.seen);
});

test('a task that few rows have a label of is given its rows alone', async () => {
  const marks = Uint8Array.from({ length: stored.rows }, (_, row) => (row % 7 === 0 ? 1 : 0));
  const few = { rows: stored.rows, count: Math.ceil(stored.rows / 7), marks };
  using rows = await trainingRows(stored, facts, small);
  const { seen } = await seenIn(rows, few);
  assert.deepEqual(seen, plainly(orderOf(few)));
  assert.equal(seen.mask?.length, few.count);
});

test('reading goes on in the middle of an epoch', async () => {
  using rows = await trainingRows(stored, facts, small);
  for (const first of [1, 4, 5]) {
    const { seen } = await seenIn(rows, all, first);
    assert.deepEqual(seen, plainly(orderOf().slice(first * 96)));
  }
});

test('how much is gathered at once changes no row', async () => {
  const { seen } = await seenIn(await trainingRows(stored, facts, small));
  for (const batches of [1, 20]) {
    using rows = await trainingRows(stored, facts, { ...small, piece: 33 * batches * rowBytes });
    assert.equal(rows.pieceBatches(32), batches);
    assert.deepEqual((await seenIn(rows)).seen, seen);
  }
});

test('no tensor is left after an epoch, whole or broken off, and the next one is right', async () => {
  const before = tf.memory().numTensors;
  {
    using rows = await trainingRows(stored, facts, small);
    const own = tf.memory().numTensors;
    for await (const _ of rows.pieces({ labelled: all, draw, batchSize: 32, first: 0 })) break;
    assert.equal(tf.memory().numTensors, own);
    assert.deepEqual((await seenIn(rows)).seen, plainly(orderOf()));
    assert.equal(tf.memory().numTensors, own);
  }
  assert.equal(tf.memory().numTensors, before);
});

test('the example that a program is traced on is like a piece', async () => {
  const shapes = (items: Tensors) =>
    Object.entries(items).map(([name, { shape, dtype }]) => [name, shape, dtype]);
  for (const limits of [small, undefined]) {
    using rows = await trainingRows(stored, facts, limits);
    const example = rows.example(32);
    for await (const items of rows.pieces({ labelled: all, draw, batchSize: 32, first: 0 })) {
      assert.deepEqual(shapes(example), shapes(items));
      break;
    }
    tf.dispose(example as NamedTensorMap);
  }
});
