import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  computeSplits,
  type DataRequest,
  encodeRows,
  openRows,
  type Row,
} from '../../src/data/index.ts';
import type { FeatureGroup } from '../../src/spec/schema/data.ts';
import { categories, csv, embedded, numbers, request, temporaryFolder } from './small-tables.ts';

const folder = temporaryFolder();
const halves = { column: 'split' };

/** All rows in one window. */
async function applyPreprocessing(...given: Parameters<typeof encodeRows>) {
  for await (const encoded of encodeRows(...given)) return encoded;
  throw new Error('no window');
}

/** The first rows train, the last validates; `x` may be missing. */
async function encode(
  values: readonly (string | number | null)[],
  features: FeatureGroup[],
  more: Partial<DataRequest['data']> = {},
) {
  const rows = values.map((value, row) => [
    value,
    row,
    row < values.length - 1 ? 'train' : 'validation',
  ]);
  const file = folder.write('encode.csv', csv([['x', 'y', 'split'], ...rows]));
  const data = { split: halves, features, ...more };
  const prepared = await computeSplits(request(file, data), folder.path);
  const { train, validation } = prepared.splits;
  const names = prepared.preprocessing.featureNames as readonly string[];
  const rowsOf = (split: typeof train, name = 'features') => {
    const { values: array, columns } = split.inputs[name] ?? {
      values: new Float32Array(),
      columns: 1,
    };
    return Array.from({ length: split.rows }, (_, row) => [
      ...array.subarray(row * columns, (row + 1) * columns),
    ]);
  };
  return { ...prepared, names, train: rowsOf(train), validation: rowsOf(validation), rowsOf };
}

const near = (got: readonly (number | undefined)[], wanted: readonly number[]) => {
  assert.equal(got.length, wanted.length);
  for (const [index, value] of wanted.entries())
    assert.ok(Math.abs((got[index] ?? Number.NaN) - value) < 1e-5, `${got} is not ${wanted}`);
};

// By hand. Training values 1, 2, missing, 6, 11: the median is 4, the mean 5. With the median put in,
// 1 2 4 6 11 has mean 4.8 and variance (14.44 + 7.84 + 0.64 + 1.44 + 38.44) / 5 = 12.56.
test('numbers are imputed and scaled by the training rows alone', async () => {
  const column = [1, 2, null, 6, 11, 1000];
  const group = numbers('x');
  const standard = await encode(column, [group]);
  const deviation = Math.sqrt(12.56);
  near(
    standard.train.flat(),
    [-3.8, -2.8, -0.8, 1.2, 6.2].map((value) => value / deviation),
  );
  near(standard.validation.flat(), [(1000 - 4.8) / deviation]);
  const mean = await encode(column, [{ ...group, impute: 'mean', scale: 'none' }]);
  near(mean.train.flat(), [1, 2, 5, 6, 11]);
  const constant = await encode(column, [{ ...group, impute: { constant: -9 }, scale: 'minMax' }]);
  near(constant.train.flat(), [10 / 20, 11 / 20, 0, 15 / 20, 1]);
  // Quartiles of 1 2 4 6 11 are 2 and 6.
  const robust = await encode(column, [{ ...group, scale: 'robust' }]);
  near(robust.train.flat(), [-0.75, -0.5, 0, 0.5, 1.75]);
});

test('a logarithm keeps the sign, a missing-indicator has a feature of its own', async () => {
  const group = { ...numbers('x'), scale: 'none', log1p: true, missingIndicator: true } as const;
  const { train, names } = await encode([0, Math.E - 1, -(Math.E - 1), null, 5], [group]);
  near(train.flat(), [0, 0, 1, 0, -1, 0, 0, 1]);
  assert.deepEqual(names, ['x', 'x is missing']);
});

test('a column without spread or without values becomes zeros', async () => {
  near((await encode([7, 7, 7, 7], [numbers('x')])).train.flat(), [0, 0, 0]);
  near((await encode([null, null, null, 3], [numbers('x')])).train.flat(), [0, 0, 0]);
});

test('one-hot: rare values are other, as are unknown ones later; missing is a category', async () => {
  const column = ['a', 'a', 'b', 'b', 'c', null, 'new'];
  const { train, validation, names } = await encode(column, [{ ...categories('x'), minCount: 2 }]);
  assert.deepEqual(names, ['x = a', 'x = b', 'x is other', 'x is missing']);
  assert.deepEqual(train[2], [0, 1, 0, 0]);
  assert.deepEqual(train[4], [0, 0, 1, 0]);
  assert.deepEqual(train[5], [0, 0, 0, 1]);
  assert.deepEqual(validation, [[0, 0, 1, 0]]);
});

test('embedded columns share an input, each with its own codes: other, missing, then the values', async () => {
  const rows = [
    ['a', 'p'],
    ['b', null],
    ['a', 'q'],
    [null, 'p'],
    ['new', 'q'],
  ].map((pair, row) => [...pair, row, row < 4 ? 'train' : 'validation']);
  const file = folder.write('embedded.csv', csv([['u', 'v', 'y', 'split'], ...rows]));
  const spec = request(file, { split: halves, features: [embedded('u', 'v'), embedded('v')] });
  const { signature, splits } = await computeSplits(spec, folder.path);
  assert.deepEqual(signature.inputs, [
    { kind: 'codes', name: 'embedding_0', columns: 2, vocabulary: 8, embedding: { outputDim: 4 } },
    { kind: 'codes', name: 'embedding_1', columns: 1, vocabulary: 4, embedding: { outputDim: 4 } },
  ]);
  // u: other 0, missing 1, a 2, b 3; v: other 4, missing 5, p 6, q 7.
  assert.deepEqual([...(splits.train.inputs.embedding_0?.values ?? [])], [2, 6, 3, 5, 2, 7, 1, 6]);
  assert.deepEqual([...(splits.validation.inputs.embedding_0?.values ?? [])], [0, 7]);
  assert.deepEqual([...(splits.train.inputs.embedding_1?.values ?? [])], [2, 1, 3, 2]);
});

test('booleans, ordinals and dates become numbers', async () => {
  const booleans = await encode(
    ['yes', 'No', null, 't', '0'],
    [{ type: 'boolean', columns: ['x'], exclude: [], missingIndicator: true }],
  );
  assert.deepEqual(booleans.train, [
    [1, 0],
    [0, 0],
    [0, 1],
    [1, 0],
  ]);
  const order = ['low', 'middle', 'high'];
  const ordinal = {
    type: 'ordinal',
    columns: ['x'],
    exclude: [],
    order,
    missingIndicator: false,
    scale: 'none',
  } as const;
  near((await encode(['high', 'low', 'middle', null, '?'], [ordinal])).train.flat(), [2, 0, 1, 1]);
  const parts: (
    | 'year'
    | 'month'
    | 'day'
    | 'dayOfWeek'
    | 'dayOfYear'
    | 'hour'
    | 'minute'
    | 'daysSinceEpoch'
  )[] = ['year', 'month', 'day', 'dayOfWeek', 'dayOfYear', 'hour', 'minute', 'daysSinceEpoch'];
  const date = {
    type: 'date',
    columns: ['x'],
    exclude: [],
    parts,
    missingIndicator: false,
    scale: 'none',
  } as const;
  const { train, names } = await encode(
    ['2024-02-29 13:45:00', '2024-03-01 00:00:00', '1969-12-31 23:59:59', null],
    [date],
  );
  // 29 February 2024 was a Thursday, 19,782 days after 1 January 1970.
  near(train[0] ?? [], [2024, 2, 29, 3, 60, 13, 45, 19782]);
  near(train[2] ?? [], [1969, 12, 31, 2, 365, 23, 59, -1]);
  assert.equal(names[3], 'x dayOfWeek');
});

test('features stand in the order of the spec, whatever their type', async () => {
  const { names } = await encode(
    [1, 2, 1, 2],
    [categories('x'), numbers('x'), embedded('x'), categories('x')],
  );
  assert.deepEqual(names, ['x = 1', 'x = 2', 'x', 'x = 1', 'x = 2']);
});

test('a glob takes columns in the order of the table; a name that is a column is no glob', async () => {
  const file = folder.write(
    'glob.csv',
    'f1,f*,g1,f2,y,split\n1,2,3,4,5,train\n1,2,3,4,5,validation\n',
  );
  const names = async (group: FeatureGroup) => {
    const spec = request(file, { split: halves, features: [group] });
    return (await computeSplits(spec, folder.path)).preprocessing.featureNames;
  };
  assert.deepEqual(await names(numbers('f*')), ['f*']);
  assert.deepEqual(await names({ ...numbers('f?'), exclude: ['f2'] }), ['f1', 'f*']);
  assert.deepEqual(await names(numbers('g*', '*1')), ['g1', 'f1']);
});

const cell = fc.option(fc.constantFrom('a', 'b', '007', 'NA', 'x y'), { nil: null });
const amount = fc.option(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { nil: null });

test('applied to the training rows as plain objects or as a file, it gives the prepared arrays', async () => {
  const table = fc.array(fc.tuple(cell, amount, fc.boolean()), { minLength: 4, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(table, async (cells) => {
      const rows: Row[] = cells.map(([c, n, b], row) => ({
        c,
        n,
        b,
        y: row,
        split: row < 2 ? 'validation' : 'train',
      }));
      const file = folder.write(
        'apply.jsonl',
        rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
      );
      const boolean = {
        type: 'boolean',
        columns: ['b'],
        exclude: [],
        missingIndicator: false,
      } as const;
      const features = [categories('c'), numbers('n'), boolean, { ...embedded('c'), minCount: 2 }];
      const prepared = await computeSplits(request(file, { split: halves, features }), folder.path);
      const saved = JSON.parse(JSON.stringify(prepared.preprocessing));
      const wanted = prepared.splits.train.inputs;
      assert.deepEqual((await applyPreprocessing(saved, rows.slice(2))).inputs, wanted);
      const later = folder.write(
        'later.jsonl',
        rows
          .slice(2)
          .map((row) => `${JSON.stringify(row)}\n`)
          .join(''),
      );
      using opened = await openRows(saved, [later], folder.path);
      assert.deepEqual((await applyPreprocessing(saved, opened)).inputs, wanted);
      const windows: Record<string, number[]> = {};
      for await (const { inputs } of encodeRows(saved, opened, () => 2))
        for (const [name, { values }] of Object.entries(inputs))
          windows[name] = [...(windows[name] ?? []), ...values];
      const whole = Object.entries(wanted).map(([name, { values }]) => [name, [...values]]);
      assert.deepEqual(windows, Object.fromEntries(whole));
    }),
    { numRuns: 30, seed: 11 },
  );
});

test('later files are read as the first one was: codes stay text, numbers stay numbers', async () => {
  const file = folder.write(
    'codes.csv',
    'icd,zip,y,split\n250.80,7,1,train\nV57,8,2,train\n428,7,3,validation\n',
  );
  const spec = request(file, { split: halves, features: [categories('icd', 'zip')] });
  const { preprocessing } = await computeSplits(spec, folder.path);
  assert.deepEqual(preprocessing.featureNames, ['icd = 250.80', 'icd = V57', 'zip = 7', 'zip = 8']);
  // Without V57 the codes look like numbers, and with a missing one the whole numbers like fractions.
  const later = folder.write('later.csv', 'icd,zip\n250.80,7.0\n,8.5\n');
  using opened = await openRows(preprocessing, [later], folder.path);
  const { inputs } = await applyPreprocessing(preprocessing, opened);
  assert.deepEqual([...(inputs.features?.values ?? [])], [1, 0, 1, 0, 0, 0, 0, 0]);
  const plain = await applyPreprocessing(preprocessing, [
    { icd: '250.80', zip: 7 },
    { icd: null, zip: '07.0' },
  ]);
  assert.deepEqual([...(plain.inputs.features?.values ?? [])], [1, 0, 1, 0, 0, 0, 1, 0]);
});

test('new rows need no targets; a missing column is named; the query derives what the file lacks', async () => {
  const file = folder.write(
    'derived.csv',
    csv([['a', 'y'], ...Array.from({ length: 10 }, (_, row) => [row, row * 2])]),
  );
  const query = 'SELECT *, a * a AS squared FROM source';
  const spec = request(file, { query, features: [{ ...numbers('squared'), scale: 'none' }] });
  const { preprocessing } = await computeSplits(spec, folder.path);
  const later = folder.write('new.csv', 'a,y\n3,\n5,\n');
  using opened = await openRows(preprocessing, [later], folder.path);
  assert.deepEqual(
    [...((await applyPreprocessing(preprocessing, opened)).inputs.features?.values ?? [])],
    [9, 25],
  );
  await assert.rejects(applyPreprocessing(preprocessing, [{ a: 3 }]), /the column "squared"/);
  assert.equal((await applyPreprocessing(preprocessing, [])).rows, 0);
});
