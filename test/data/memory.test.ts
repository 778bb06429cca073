import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { checkData, memoryBytes, prepareData, readPrepared } from '../../src/data/index.ts';
import { type MemoryShares, sharesOf } from '../../src/data/memory.ts';
import type { FeatureGroup } from '../../src/spec/schema/data.ts';
import {
  categories,
  csv,
  embedded,
  head,
  numbers,
  request,
  temporaryFolder,
} from './small-tables.ts';

const folder = temporaryFolder();

test('a size is text with a unit, or bytes; the default is a quarter of the machine', () => {
  assert.equal(memoryBytes('512MB'), 512e6);
  assert.equal(memoryBytes('1.5 GB'), 1.5e9);
  assert.equal(memoryBytes('2GiB'), 2 ** 31);
  assert.equal(memoryBytes(3_000_000), 3_000_000);
  assert.ok(memoryBytes(undefined) <= totalmem() / 4);
  assert.ok(memoryBytes(undefined) > 0);
});

test('the shares together are no more than the whole', () => {
  for (const memory of ['512MB', '1GB', '64GB', '1TB']) {
    const { table, columns, window } = sharesOf(memory);
    assert.ok(table + columns + window <= memoryBytes(memory), memory);
    assert.ok(table > 0 && columns > 0 && window > 0);
  }
});

const words = ['red', 'green', 'blue', 'grey'];
const made = Array.from({ length: 300 }, (_, row) => [
  row % 9 === 0 ? null : (row * 7) % 50,
  row / 3,
  row % 11 === 0 ? null : (words[(row * row) % 4] ?? ''),
  row % 13 === 0 ? null : row % 2 ? 'yes' : 'No',
  ['low', 'mid', 'high'][row % 3] ?? '',
  `20${10 + (row % 9)}-03-${String(1 + (row % 28)).padStart(2, '0')}`,
  row % 3 === 0 ? 1 : 0,
  row % 8 === 0 ? null : row % 10,
  row % 2,
  row % 17 === 0 ? null : row % 5 === 0 ? 1 : 0,
  (row % 4) / 2,
  row % 40,
]);
const names = 'n1,n2,word,flag,grade,day,sick,days,l1,l2,weight,patient'.split(',');
folder.write('all.csv', csv([names, ...made]));
const features: readonly FeatureGroup[] = [
  { ...numbers('n1'), missingIndicator: true, log1p: true },
  { ...numbers('n2'), scale: 'robust' },
  { ...categories('word'), minCount: 60 },
  embedded('word', 'grade'),
  { type: 'boolean', columns: ['flag'], exclude: [], missingIndicator: true },
  {
    type: 'ordinal',
    columns: ['grade'],
    exclude: [],
    order: ['low', 'high'],
    missingIndicator: true,
    scale: 'minMax',
  },
  {
    type: 'date',
    columns: ['day'],
    exclude: [],
    parts: ['year', 'dayOfWeek'],
    missingIndicator: false,
    scale: 'standard',
  },
];
const heads = {
  sick: head('binary', 'sick', { classWeight: 'balanced' }),
  word: head('multiclass', 'word'),
  labels: head('multilabel', ['l1', 'l2']),
  days: head('regression', 'days', { transform: 'standardize' }),
};
const spec = (split = {}) =>
  request('all.csv', { features: [...features], split, sampleWeight: 'weight' }, heads);

/** The bytes of all files, by name. */
async function written(asked: ReturnType<typeof spec>, name: string, shares?: MemoryShares) {
  const { directory } = await prepareData(asked, folder.path, join(folder.path, name), shares);
  const files = readdirSync(directory).sort();
  return files.map((file) => [file, readFileSync(join(directory, file)).toString('base64')]);
}

test('rows that are encoded by windows are written as those encoded all at once, byte for byte', async () => {
  const splits = [{ stratify: 'labels' }, { train: 0.5, validation: 0.5, group: 'patient' }];
  for (const [number, split] of splits.entries()) {
    const all = await written(spec(split), `all-${number}`);
    assert.ok(all.length > 20);
    for (const window of [1, 3000, 10_000, 1e6]) {
      const shares = { table: 256e6, columns: 5000, window };
      assert.deepEqual(await written(spec(split), `windows-${number}-${window}`, shares), all);
    }
  }
});

test('a table that was checked is not read again, unless its file has changed since', async () => {
  const asked = request('changing.csv');
  const columns = async (name: string) => {
    const { directory } = await prepareData(asked, folder.path, join(folder.path, name));
    return readPrepared(directory).preprocessing.columns;
  };
  const rows = (factor: number) =>
    csv([['x', 'y'], ...Array.from({ length: 20 }, (_, row) => [row * factor, row])]);
  folder.write('changing.csv', rows(1));
  const plain = await columns('plain');
  assert.deepEqual(await checkData(asked, folder.path), []);
  assert.deepEqual(await columns('checked'), plain);
  assert.deepEqual(await checkData(asked, folder.path), []);
  folder.write('changing.csv', rows(1000));
  assert.notDeepEqual(await columns('changed'), plain);
});

test('a large Parquet file is not copied, and gives the same bytes', async () => {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await connection.run(`COPY (SELECT hash(i) % 1000 / 7 AS x, i % 7 AS y, 'v' || i % 5 AS c
    FROM range(150000) AS made(i))
    TO '${join(folder.path, 'large.parquet')}'`);
  const asked = request('large.parquet', { features: [numbers('x'), categories('c')] });
  const inFile = { table: 7e6, columns: 2e6, window: 1e5 };
  assert.deepEqual(await written(asked, 'in-file', inFile), await written(asked, 'copied'));
});
