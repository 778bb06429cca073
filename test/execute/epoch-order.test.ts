import assert from 'node:assert/strict';
import { test } from 'node:test';
import { epochOrder, epochSegments, labelledRows } from '../../src/execute/epoch-order.ts';

const all = { rows: 1003, count: 1003, marks: null };
const third = Uint8Array.from({ length: 1003 }, (_, row) => (row % 3 > 0 ? 1 : 0));
const some = { rows: 1003, count: third.filter((mark) => mark === 1).length, marks: third };
const draw = { seed: 4, replicate: 1, epoch: 1 };
const limits = { blockRows: 10, reach: 200 };

/** The rows of each segment, in the order of the epoch. */
const rowsOf = (labelled: typeof some | typeof all, drawn: typeof draw | null, reach = limits) =>
  [...epochSegments(labelled, drawn, reach)].map(({ ranges, order }) => {
    const held = ranges.flatMap(({ first, rows }) =>
      Array.from({ length: rows }, (_, row) => first + row),
    );
    return Array.from(order, (place) => held[place] ?? Number.NaN);
  });

const ascending = (rows: readonly number[]) => rows.toSorted((one, other) => one - other);
const table = Array.from({ length: 1003 }, (_, row) => row);

test('the rows that train have a label of one of the tasks', () => {
  const presence = { sick: Uint8Array.of(1, 0, 0, 1), stay: Uint8Array.of(0, 0, 1, 1) };
  const both = { rows: 4, count: 3, marks: Uint8Array.of(1, 0, 1, 1) };
  assert.deepEqual(labelledRows(presence, 4, ['sick', 'stay']), both);
  assert.equal(labelledRows(presence, 4, ['sick']).count, 2);
  const whole = { rows: 2, count: 2, marks: null };
  assert.deepEqual(labelledRows({ sick: Uint8Array.of(1, 1) }, 2, ['sick']), whole);
});

test('a shuffle within its reach mixes blocks, holds every row once, and repeats itself', () => {
  const segments = rowsOf(all, draw);
  assert.equal(segments.length, 6);
  assert.deepEqual(ascending(segments.flat()), table);
  const [first = []] = segments;
  // The first segment is 20 whole blocks, from all over the table.
  const blocks = new Set(first.map((row) => Math.floor(row / 10)));
  assert.equal(blocks.size, 20);
  assert.ok(Math.max(...blocks) > 80 && Math.min(...blocks) < 20);
  assert.ok(new Set(first.slice(0, 10).map((row) => Math.floor(row / 10))).size > 5);
  assert.deepEqual(rowsOf(all, draw), segments);
  assert.notDeepEqual(rowsOf(all, { ...draw, epoch: 2 }), segments);
});

test('a block is read once, with its neighbours where they are beside each other', () => {
  for (const { ranges } of epochSegments(all, draw, limits)) {
    const ends = ranges.map(({ first, rows }) => first + rows);
    assert.ok(ranges.every(({ first }, index) => index === 0 || first > (ends[index - 1] ?? 0)));
    assert.ok(
      ranges.every(({ first, rows }) => first % 10 === 0 && rows % 10 === (first + rows) % 10),
    );
  }
  const [first] = epochSegments(all, null, limits);
  assert.deepEqual(first?.ranges, [{ first: 0, rows: 200 }]);
});

test('rows of controls keep their order, whatever else is left out', () => {
  const kept = (rows: readonly number[]) => rows.filter((row) => third[row] === 1);
  assert.deepEqual(rowsOf(some, draw), rowsOf(all, draw).map(kept));
  assert.deepEqual([...epochOrder(some, draw)], kept([...epochOrder(all, draw)]));
  assert.deepEqual([...epochOrder(some, null)], kept(table));
});

test('without a shuffle the rows come as they lie in the table', () => {
  assert.deepEqual(rowsOf(all, null).flat(), table);
  assert.deepEqual([...epochOrder(all, null)], table);
});
