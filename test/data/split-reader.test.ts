import assert from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { openPrepared, prepareData, readPrepared, type Split } from '../../src/data/index.ts';
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

/** The plain way. */
function rowsOf(split: Split, wanted: Int32Array): Split {
  const pick = <Values extends Float32Array | Int32Array | Uint8Array>(
    values: Values,
    columns: number,
  ): Values => {
    const picked = values.slice(0, wanted.length * columns) as Values;
    for (const [place, row] of wanted.entries())
      picked.set(values.subarray(row * columns, (row + 1) * columns), place * columns);
    return picked;
  };
  const entries = <Value>(record: Readonly<Record<string, Value>>, of: (value: Value) => Value) =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, of(value)]));
  return {
    rows: wanted.length,
    rowNumbers: pick(split.rowNumbers, 1),
    weights: split.weights && pick(split.weights, 1),
    inputs: entries(split.inputs, ({ values, columns }) => ({
      values: pick(values, columns),
      columns,
    })),
    labels: entries(split.labels, ({ values, present, columns }) => ({
      values: pick(values, columns),
      columns,
      present: pick(present, 1),
    })),
  };
}

test('a stored split knows its size, and loads as a whole or without its inputs', () => {
  assert.deepEqual(readPrepared(directory).splits.train, whole);
  assert.equal(openPrepared(directory).splits.test, null);
  assert.equal(train.rows, whole.rows);
  // Four bytes for 2 numbers, 1 code, 1 + 13 + 1 labels, 1 weight; and the presence of 3 labels.
  assert.equal(train.bytes, train.rows * (4 * (2 + 1 + 15 + 1) + 3));
  assert.deepEqual(train.loadLabels(), { ...whole, inputs: {} });
});

test('any rows are read as they lie in the whole', async () => {
  using reader = train.open();
  const rowLists = fc
    .tuple(fc.constantFrom(1, 2, 30, 3000), fc.uniqueArray(fc.nat(train.rows - 1)))
    .map(([length, starts]) => {
      const all = starts.flatMap((start) => Array.from({ length }, (_, row) => start + row));
      return Int32Array.from(new Set(all.filter((row) => row < train.rows))).sort();
    });
  await fc.assert(
    fc.asyncProperty(rowLists, async (wanted) => {
      assert.deepEqual(await reader.read(wanted), rowsOf(whole, wanted));
    }),
    { numRuns: 60, seed: 1 },
  );
  assert.deepEqual(await reader.read(Int32Array.from(whole.rowNumbers.keys())), whole);
});

test('several reads may be under way, and the reader may be disposed of meanwhile', async () => {
  const wanted = [Int32Array.of(0, 2, 5), Int32Array.of(4000, 4001), Int32Array.of()];
  const reader = train.open();
  const reads = wanted.map((some) => reader.read(some));
  reader[Symbol.dispose]();
  reader[Symbol.dispose]();
  assert.deepEqual(
    await Promise.all(reads),
    wanted.map((some) => rowsOf(whole, some)),
  );
  await assert.rejects(reader.read(Int32Array.of(1)), /internal: .* after its end/);
});

test('rows out of order or out of bounds are refused', async () => {
  using reader = train.open();
  for (const wrong of [[3, 2], [1, 1], [-1], [train.rows]])
    await assert.rejects(reader.read(Int32Array.from(wrong)), /internal: row/);
});

test('a file that became shorter is an error', async () => {
  const { validation } = openPrepared(directory).splits;
  using reader = validation.open();
  truncateSync(join(directory, 'validation.input.features'), 16);
  await assert.rejects(reader.read(Int32Array.of(0, 100)), /became shorter/);
});
