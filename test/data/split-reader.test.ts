import assert from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  openPrepared,
  prepareData,
  type RowRange,
  readPrepared,
  type Split,
  type SplitRows,
} from '../../src/data/index.ts';
import { csv, embedded, head, numbers, request, temporaryFolder } from './small-tables.ts';

const folder = temporaryFolder();
const rows = Array.from({ length: 9000 }, (_, row) => [
  row,
  (row * 7) % 23,
  `c${row % 13}`,
  row % 3 === 0 ? null : row % 2,
  row % 4,
]);
folder.write('made.csv', csv([['x', 'z', 'c', 'sick', 'weight'], ...rows]));
const spec = request(
  'made.csv',
  {
    features: [numbers('x', 'z'), embedded('c')],
    sampleWeight: 'weight',
    split: { train: 0.9, validation: 0.1 },
  },
  { sick: head('binary', 'sick'), c: head('multiclass', 'c'), x: head('regression', 'x') },
);
const { directory } = await prepareData(spec, folder.path, join(folder.path, 'cache'));
const { train } = openPrepared(directory).splits;
const whole = train.load();

/** The plain way, with the presence of one label alone. */
function rowsOf(split: Split, ranges: readonly RowRange[]): SplitRows {
  const wanted = ranges.flatMap(({ first, rows }) =>
    Array.from({ length: rows }, (_, row) => first + row),
  );
  const pick = <Values extends Float32Array | Int32Array | Uint8Array>(
    values: Values,
    columns: number,
  ): Values => {
    const picked = values.slice(0, wanted.length * columns) as Values;
    for (const [place, row] of wanted.entries())
      picked.set(values.subarray(row * columns, (row + 1) * columns), place * columns);
    return picked;
  };
  const entries = <Value>(
    record: Readonly<Record<string, Value>>,
    of: (value: Value, name: string) => Value,
  ) => Object.fromEntries(Object.entries(record).map(([name, value]) => [name, of(value, name)]));
  return {
    rows: wanted.length,
    weights: split.weights && pick(split.weights, 1),
    inputs: entries(split.inputs, ({ values, columns }) => ({
      values: pick(values, columns),
      columns,
    })),
    labels: entries(split.labels, ({ values, present, columns }, name) => ({
      values: pick(values, columns),
      columns,
      present: name === 'sick' ? pick(present, 1) : new Uint8Array(),
    })),
  };
}

/** Compared before the room is filled again. */
const assertRows = (read: SplitRows, ranges: readonly RowRange[]) =>
  assert.deepEqual(read, rowsOf(whole, ranges));

test('a stored split knows its size, and loads as a whole or without its inputs', () => {
  assert.deepEqual(readPrepared(directory).splits.train, whole);
  assert.equal(openPrepared(directory).splits.test, null);
  assert.equal(train.rows, whole.rows);
  // Four bytes for 2 numbers, 1 code, 1 + 13 + 1 labels, 1 weight; and the presence of 3 labels.
  assert.equal(train.bytes, train.rows * (4 * (2 + 1 + 15 + 1) + 3));
  assert.deepEqual(train.loadLabels(), { ...whole, inputs: {} });
});

test('a stored split tells which rows have labels, and whether they are weighted', () => {
  const { labels } = whole;
  const present = Object.entries(labels).map(([name, label]) => [name, label.present]);
  assert.deepEqual(train.loadPresence(), Object.fromEntries(present));
  assert.equal(train.isWeighted, true);
});

test('any ranges of rows are read one after the other, into rooms that are used again', async () => {
  using reader = train.open(['sick']);
  const rooms = reader.rooms(4000);
  const range = fc.record({
    first: fc.nat(train.rows - 1001),
    rows: fc.integer({ min: 1, max: 1000 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(range, { maxLength: 4 }),
      fc.constantFrom(...rooms),
      async (ranges, room) => assertRows(await reader.read(ranges, room), ranges),
    ),
    { numRuns: 60, seed: 1 },
  );
});

test('more than one call of the system reads at once is read whole', async () => {
  using reader = train.open(['sick']);
  const [room] = reader.rooms(train.rows);
  const all = [{ first: 0, rows: train.rows }];
  assertRows(await reader.read(all, room), all);
});

test('both rooms may be filled at once, and the reader may be disposed of meanwhile', async () => {
  const reader = train.open(['sick']);
  const [one, other] = reader.rooms(10);
  const [ranges, others] = [[{ first: 4000, rows: 10 }], [{ first: 3, rows: 2 }]];
  const reads = Promise.all([reader.read(ranges, one), reader.read(others, other)]);
  reader[Symbol.dispose]();
  reader[Symbol.dispose]();
  const [first, second] = await reads;
  assertRows(first, ranges);
  assertRows(second, others);
  await assert.rejects(reader.read(ranges, one), /internal: .* after its end/);
});

test('rows out of bounds, and more than there is room for, are refused', async () => {
  using reader = train.open([]);
  const [room] = reader.rooms(10);
  for (const [first, rows] of [
    [-1, 2],
    [train.rows - 1, 2],
    [3, 0],
    [0, 11],
  ] as const)
    await assert.rejects(reader.read([{ first, rows }], room), /internal: .*rows/);
});

test('a file that became shorter is an error', async () => {
  const { validation } = openPrepared(directory).splits;
  using reader = validation.open([]);
  const [room] = reader.rooms(101);
  truncateSync(join(directory, 'validation.input.features'), 16);
  await assert.rejects(reader.read([{ first: 0, rows: 101 }], room), /became shorter/);
});
