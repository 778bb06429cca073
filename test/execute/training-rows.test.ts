import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPrepared } from '../../src/data/index.ts';
import { epochOrder, factsOf } from '../../src/execute/batches.ts';
import { trainingRows } from '../../src/execute/training-rows.ts';
import { hospital, prepared } from '../compile/hospital.ts';
import { tf } from '../step/backend.ts';

const directory = await prepared(hospital);
const stored = openPrepared(directory).splits.train;
const facts = factsOf(stored.loadLabels());
const all = Int32Array.from({ length: stored.rows }, (_, row) => row);
/** About 400 rows of this table, in blocks of 10. */
const small = {
  held: 0,
  piece: 400 * (stored.bytes / stored.rows),
  block: 10.5 * (stored.bytes / stored.rows),
};

/** The rows of an epoch, in order, as each step would gather them. */
async function rowsOf(order: Int32Array, limits?: typeof small, first = 0) {
  using rows = await trainingRows(stored, facts, limits);
  const seen: Record<string, number[]> = {};
  let pieces = 0;
  for await (const { tensors, rows: places } of rows.pieces(order, 32, first)) {
    pieces += 1;
    for (const [name, tensor] of Object.entries(tensors)) {
      const gathered = tf.tidy(() => tf.gather(tensor, tf.tensor1d(places, 'int32')).dataSync());
      seen[name] = [...(seen[name] ?? []), ...gathered];
    }
  }
  return { seen, pieces, size: rows.pieceRows(32) };
}

test('read piece by piece from the disk, an epoch has the rows that it has in memory', async () => {
  const order = epochOrder(all, stored, { seed: 1, replicate: 0, epoch: 2 });
  const [held, read] = [await rowsOf(order), await rowsOf(order, small)];
  assert.equal(held.pieces, 1);
  assert.ok(read.pieces > 5 && read.size % 32 === 0 && read.size < 450);
  assert.deepEqual(read.seen, held.seen);
});

test('reading goes on in the middle of an epoch', async () => {
  const order = epochOrder(all, stored, { seed: 1, replicate: 0, epoch: 2 });
  const { size } = await rowsOf(order, small);
  const rest = await rowsOf(order, small, 2);
  assert.deepEqual(rest.seen, (await rowsOf(order.slice(2 * size))).seen);
});

test('rows of controls keep their order, whatever else is left out', async () => {
  const labelled = all.filter((row) => row % 3 > 0);
  const reach = { blockRows: 10, reach: 400 };
  const draw = { seed: 4, replicate: 1, epoch: 1 };
  const whole = epochOrder(all, stored, draw, reach);
  assert.deepEqual(
    epochOrder(labelled, stored, draw, reach),
    whole.filter((row) => row % 3 > 0),
  );
});

test('a shuffle within its reach mixes blocks, holds every row once, and repeats itself', () => {
  const split = { rows: 1003 };
  const rows = all.slice(0, 1003);
  const draw = { seed: 4, replicate: 1, epoch: 1 };
  const order = epochOrder(rows, split, draw, { blockRows: 10, reach: 200 });
  assert.deepEqual(
    [...order].sort((one, other) => one - other),
    [...rows],
  );
  // The first 200 rows are 20 whole blocks, from all over the table.
  const blocks = new Set([...order.slice(0, 200)].map((row) => Math.floor(row / 10)));
  assert.ok(blocks.size <= 21 && Math.max(...blocks) > 80 && Math.min(...blocks) < 20);
  assert.ok(
    [...order.slice(0, 10)].some(
      (row) => Math.floor(row / 10) !== Math.floor((order[0] ?? 0) / 10),
    ),
  );
  assert.deepEqual(order, epochOrder(rows, split, draw, { blockRows: 10, reach: 200 }));
  assert.notDeepEqual(
    order,
    epochOrder(rows, split, { ...draw, epoch: 2 }, { blockRows: 10, reach: 200 }),
  );
});

test('no tensor is left after an epoch that was broken off', async () => {
  const before = tf.memory().numTensors;
  {
    using rows = await trainingRows(stored, facts, small);
    for await (const _ of rows.pieces(all, 32, 0)) break;
  }
  assert.equal(tf.memory().numTensors, before);
});
