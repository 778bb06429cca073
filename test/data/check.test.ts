import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkData } from '../../src/data/index.ts';
import { formatPath } from '../../src/spec/problem.ts';
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
const file = folder.write(
  'check.csv',
  csv([
    ['age', 'city', 'grade', 'day', 'part', 'weight', 'flag', 'id', 'stay', 'constant'],
    ...Array.from({ length: 1200 }, (_, row) => [
      row === 4 ? 'old' : row === 9 ? 'very old' : row,
      row % 2 ? 'Rome' : 'Oslo',
      ['low', 'high', 'top'][row % 3] ?? '',
      row === 7 ? 'soon' : `2024-01-${String((row % 28) + 1).padStart(2, '0')}`,
      row === 3 ? 'holdout' : row === 5 ? null : (['train', 'validation'][row % 2] ?? ''),
      row === 6 ? -1 : 1,
      row === 8 ? 'maybe' : row % 2 ? 'yes' : 'no',
      `p${row}`,
      row - 5,
      1,
    ]),
  ]),
);

/** `path: expected, came` of every problem. */
async function problemsOf(
  ...spec: Parameters<typeof request> extends [string, ...infer Rest] ? Rest : never
) {
  const found = await checkData(request(file, ...spec), folder.path);
  return found.map(
    ({ path, expected, came, hint }) => `${formatPath(path)}: ${expected}; ${came}; ${hint ?? ''}`,
  );
}
const good = { stay: head('regression', 'stay') };

test('a spec that fits its table has no problems', async () => {
  const data = {
    features: [categories('city', 'grade'), embedded('id')],
    split: { train: 0.8, stratify: 'city', group: 'id' },
  };
  const heads = { ...good, city: head('binary', 'grade', { positive: ['top'] }) };
  assert.deepEqual(
    await problemsOf({ ...data, features: [categories('city'), embedded('id')] }, heads),
    [],
  );
});

test('all columns that do not exist are named at once, with those that are near', async () => {
  const data = {
    features: [numbers('constant', 'agee'), { ...categories('c*'), exclude: ['sity'] }],
    split: { group: 'patient', stratify: 'stai' },
    sampleWeight: 'wieght',
  };
  const found = await problemsOf(data, { stay: head('regression', 'sty') });
  assert.deepEqual(
    found.map((line) => line.split(':')[0]),
    [
      'data.features[0].columns[1]',
      'data.features[1].exclude[0]',
      'heads.stay.target[0]',
      'data.sampleWeight',
      'data.split.group',
      'data.split.stratify',
    ],
  );
  assert.match(found[0] ?? '', /"agee"; Did you mean "age"\? Columns: age, city, grade/);
  assert.match(found[5] ?? '', /Did you mean "stay"\? Heads: stay/);
});

test('a target among its own features is found, by name and behind a glob', async () => {
  const [glob, name] = await problemsOf({ features: [numbers('s*', 'stay')] }, good);
  assert.match(
    glob ?? '',
    /^data\.features\[0\]\.columns\[0\]: .*"stay", the target of head "stay"; "s\*" matches it; add `exclude: \['stay'\]`/,
  );
  assert.match(name ?? '', /^data\.features\[0\]\.columns\[1\]: .*Take it out/);
});

test('columns of another kind are counted, with their first value and its row', async () => {
  const boolean = {
    type: 'boolean',
    columns: ['flag'],
    exclude: [],
    missingIndicator: false,
  } as const;
  const date = {
    type: 'date',
    columns: ['day', 'constant'],
    exclude: [],
    parts: ['year'],
    missingIndicator: false,
    scale: 'none',
  } as const;
  const order = ['Low', 'High'];
  const ordinal = {
    type: 'ordinal',
    columns: ['grade'],
    exclude: [],
    order,
    missingIndicator: false,
    scale: 'none',
  } as const;
  const found = await problemsOf(
    { features: [numbers('age', 'city'), boolean, date, ordinal, categories('id')] },
    good,
  );
  assert.deepEqual(
    found.map((line) => line.replace(/;[^;]*$/, '')),
    [
      'data.features[0].columns[0]: numbers; 2 of 1200 values of "age" that are not, first "old" in row 5',
      'data.features[0].columns[1]: numbers; 1200 of 1200 values of "city" that are not, first "Oslo" in row 1',
      'data.features[1].columns[0]: true and false; 1 of 1200 values of "flag" that are not, first "maybe" in row 9',
      'data.features[2].columns[0]: dates or timestamps; 1 of 1200 values of "day" that are not, first "soon" in row 8',
      'data.features[2].columns[1]: dates or timestamps; 1200 of 1200 values of "constant" that are not, first "1" in row 1',
      'data.features[3].order: values of "grade"; none of them',
      'data.features[4].columns[0]: at most 1000 values to make one-hot features of; 1200 in "id"',
    ],
  );
});

test('targets that cannot be learned', async () => {
  const found = await problemsOf(
    { features: [numbers('constant')] },
    {
      a: head('binary', 'grade', { positive: ['top', 'hihg'] }),
      b: head('binary', 'city'),
      c: head('multiclass', 'constant'),
      d: head('multiclass', 'id'),
      e: head('multiclass', 'grade', { classes: ['low', 'hihg'] }),
      f: head('regression', 'city'),
      g: head('regression', 'stay', { transform: 'log1p' }),
      h: head('multilabel', ['constant', 'grade']),
      i: head('binary', ['city', 'grade']),
      j: head('multiclass', 'grade', { classWeight: { toop: 2 } }),
      k: head('binary', 'constant'),
    },
  );
  const wanted = [
    /a\.positive\[1\]: a value of "grade"; "hihg"; Did you mean "high"/,
    /b\.target: 1 or true in some rows; Oslo, Rome in "city"; .*`positive: \['Oslo'\]`/,
    /c\.target: 2 to 1000 classes; 1 in "constant"/,
    /d\.target: 2 to 1000 classes; 1200 in "id"; .*regression/,
    /e\.classes\[1\]: a value of "grade"; "hihg"; Did you mean "high"/,
    /f\.target: numbers; 1200 of 1200 values of "city"/,
    /g\.transform: numbers above -1 to take log1p of; -5 in "stay"/,
    /h\.target\[1\]: 0 and 1, or true and false; high, low, top in "grade"/,
    /i\.target: one column; city, grade/,
    /j\.classWeight\.toop: a class; "toop"; Did you mean "top"/,
    /k\.target: positive and negative rows/,
  ];
  const ofHeads = found.filter((line) => line.startsWith('heads.'));
  assert.equal(ofHeads.length, wanted.length, ofHeads.join('\n'));
  for (const [index, pattern] of wanted.entries()) assert.match(ofHeads[index] ?? '', pattern);
});

test('splits and weights that the table cannot give', async () => {
  const features = [categories('city')];
  const [column] = await problemsOf({ features, split: { column: 'part' } }, good);
  assert.match(column ?? '', /data\.split\.column: .*; "holdout", no value in 1 rows/);
  const [time] = await problemsOf({ features, split: { train: 0.8, time: 'day' } }, good);
  assert.match(time ?? '', /data\.split\.time: .*none in row 8 of "day"/);
  const [weight] = await problemsOf({ features, sampleWeight: 'weight' }, good);
  assert.match(weight ?? '', /data\.sampleWeight: .*-1 in row 7 of "weight"/);
  const both = await problemsOf(
    { features, split: { time: 'stay', group: 'id', stratify: 'stay' } },
    good,
  );
  assert.deepEqual(
    both.map((line) => line.split(':')[0]),
    ['data.split.group', 'data.split.stratify'],
  );
});

test('a table without rows is a problem', async () => {
  const query = 'SELECT * FROM source WHERE constant = 2';
  assert.deepEqual(await problemsOf({ query }, good), ['data.query: a table with rows; none; ']);
});
