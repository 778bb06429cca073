import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import {
  computeSplits,
  openTable,
  prepareData,
  readPrepared,
  writeTable,
} from '../../src/data/index.ts';
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
const made = Array.from({ length: 40 }, (_, row) => [
  row % 7,
  ['red', 'green', 'blue'][row % 3] ?? '',
  row % 5 === 0 ? null : row % 2 === 0 ? 'Yes' : 'No',
  row % 11 === 0 ? null : row,
  row % 2,
  row % 3 === 0 ? 1 : 0,
  (row % 4) / 2,
]);
const file = folder.write(
  'made.csv',
  csv([['x', 'color', 'sick', 'days', 'l1', 'l2', 'w'], ...made]),
);
const heads = {
  sick: head('binary', 'sick', { positive: ['Yes'], classWeight: 'balanced' }),
  color: head('multiclass', 'color', { classWeight: { red: 3 } }),
  labels: head('multilabel', ['l1', 'l2']),
  days: head('regression', 'days', { transform: 'standardize' }),
  log: head('regression', 'days', { transform: 'log1p' }),
};
const spec = request(
  file,
  {
    features: [numbers('x'), embedded('color')],
    sampleWeight: 'w',
    split: { train: 0.6, validation: 0.2, test: 0.2, stratify: 'sick' },
  },
  heads,
);

test('what is read is what was computed, and the second time comes from the cache', async () => {
  const cache = join(folder.path, 'cache');
  const first = await prepareData(spec, folder.path, cache);
  assert.deepEqual(readPrepared(first.directory), await computeSplits(spec, folder.path));
  const before = statSync(join(first.directory, 'manifest.json')).mtimeMs;
  assert.deepEqual(await prepareData(spec, folder.path, cache), first);
  assert.equal(statSync(join(first.directory, 'manifest.json')).mtimeMs, before);
});

test('labels: missing ones are masked, each head by itself', async () => {
  const { splits, signature } = await computeSplits(spec, folder.path);
  const { labels, rowNumbers, weights } = splits.train;
  const { sick, color, labels: both, days, log } = signature.targets;
  assert.deepEqual(sick?.classes, ['No', 'Yes']);
  assert.deepEqual(color?.classes, ['blue', 'green', 'red']);
  assert.deepEqual(color?.classWeights, [1, 1, 3]);
  assert.deepEqual(both?.classes, ['l1', 'l2']);
  assert.equal(days?.transform.kind, 'standardize');
  assert.deepEqual(log?.transform, { kind: 'log1p' });
  const transform =
    days?.transform.kind === 'standardize' ? days.transform : { mean: 0, deviation: 1 };
  for (const [place, row] of rowNumbers.entries()) {
    const [, name, answer, number, l1, l2, weight] = made[row] ?? [];
    assert.equal(labels.sick?.present[place], answer === null ? 0 : 1);
    assert.equal(labels.sick?.values[place], answer === 'Yes' ? 1 : 0);
    const oneHot = ['blue', 'green', 'red'].map((one) => (one === name ? 1 : 0));
    assert.deepEqual([...(labels.color?.values.subarray(place * 3, place * 3 + 3) ?? [])], oneHot);
    assert.deepEqual(
      [...(labels.labels?.values.subarray(place * 2, place * 2 + 2) ?? [])],
      [l1, l2],
    );
    assert.equal(labels.days?.present[place], number === null ? 0 : 1);
    if (typeof number === 'number') {
      const wanted = (number - transform.mean) / transform.deviation;
      assert.ok(Math.abs((labels.days?.values[place] ?? 0) - wanted) < 1e-6);
      assert.ok(Math.abs((labels.log?.values[place] ?? 0) - Math.log1p(number)) < 1e-6);
    }
    assert.equal(weights?.[place], weight);
  }
});

test('balanced class weights are rows / (classes · rows of the class) of the training split', async () => {
  const { splits, signature } = await computeSplits(spec, folder.path);
  const { present = new Uint8Array(), values = new Float32Array() } =
    splits.train.labels.sick ?? {};
  const rows = present.reduce((sum, one) => sum + one, 0);
  const positive = values.reduce((sum, one) => sum + one, 0);
  assert.deepEqual(signature.targets.sick?.classWeights, [
    rows / (2 * (rows - positive)),
    rows / (2 * positive),
  ]);
});

test('a broken cache is made again', async () => {
  const cache = join(folder.path, 'broken');
  const { directory } = await prepareData(spec, folder.path, cache);
  const good = readPrepared(directory);
  const damages = [
    () => truncateSync(join(directory, 'train.label.days'), 8),
    () => writeFileSync(join(directory, 'train.input.features'), new Uint8Array(24 * 4)),
    () => rmSync(join(directory, 'validation.rows')),
    () => writeFileSync(join(directory, 'manifest.json'), '{"splits":'),
  ];
  for (const damage of damages) {
    damage();
    await prepareData(spec, folder.path, cache);
    assert.deepEqual(readPrepared(directory), good);
  }
});

test('two processes may prepare the same data at once', async () => {
  const cache = join(folder.path, 'both');
  const script = `import { prepareData } from ${JSON.stringify(new URL('../../src/data/index.ts', import.meta.url).href)};
    console.log((await prepareData(${JSON.stringify(spec)}, ${JSON.stringify(folder.path)}, ${JSON.stringify(cache)})).directory);`;
  const run = () =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
  const both = await Promise.all([run(), run()]);
  assert.equal(both[0].stdout, both[1].stdout);
  assert.deepEqual(readdirSync(cache).length, 1);
  readPrepared(both[0].stdout.trim());
});

test('the fingerprint is of the content, not of the name; the folder of all that decides the numbers', async () => {
  const cache = join(folder.path, 'keys');
  const of = (changed: typeof spec) => prepareData(changed, folder.path, cache);
  const first = await of(spec);
  folder.write('copy.csv', csv([['x', 'color', 'sick', 'days', 'l1', 'l2', 'w'], ...made]));
  assert.deepEqual(await of({ ...spec, data: { ...spec.data, source: ['copy.csv'] } }), first);
  const weighted = { ...heads, days: { ...heads.days, weight: 9 } };
  assert.deepEqual(await of({ ...spec, heads: weighted }), first);
  const seeded = await of({ ...spec, seed: 8 });
  assert.equal(seeded.fingerprint, first.fingerprint);
  assert.notEqual(seeded.directory, first.directory);
  assert.deepEqual(await of({ ...spec, data: { ...spec.data, memory: '1GB' } }), first);
  const other = await of({ ...spec, data: { ...spec.data, missing: ['?'] } });
  assert.notEqual(other.fingerprint, first.fingerprint);
});

test('the split does not change with features or heads', async () => {
  const rows = async (changed: typeof spec) =>
    (await computeSplits(changed, folder.path)).splits.train.rowNumbers;
  const fewer = { sick: heads.sick };
  assert.deepEqual(
    await rows({ ...spec, heads: fewer, data: { ...spec.data, features: [categories('color')] } }),
    await rows(spec),
  );
});

test('tables are written with added columns, in every format', async () => {
  for (const ending of ['csv', 'tsv', 'jsonl', 'parquet', 'csv.gz']) {
    const out = join(folder.path, `out.${ending}`);
    const opened = await openTable({ source: [file], key: [], missing: [] }, folder.path, {
      writable: out,
    });
    if (!opened.ok) assert.fail('the table opens');
    using table = opened.table;
    const values = Float64Array.from({ length: 40 }, (_, row) => row / 2);
    const classes = Array.from({ length: 40 }, (_, row) => `c${row}`);
    await writeTable(
      table,
      [
        [
          { name: 'stay', values: values.subarray(0, 25) },
          { name: 'class', values: classes.slice(0, 25) },
        ],
        [
          { name: 'stay', values: values.subarray(25) },
          { name: 'class', values: classes.slice(25) },
        ],
      ],
      out,
    );
    const again = await openTable({ source: [out], key: [], missing: [] }, folder.path);
    if (!again.ok) assert.fail(JSON.stringify(again.problems));
    using written = again.table;
    assert.equal(
      written.columns.map(({ name }) => name).join(),
      'x,color,sick,days,l1,l2,w,stay,class',
    );
    const [last] = await written.query('SELECT color, stay, class FROM rows OFFSET 39');
    assert.deepEqual(last, ['red', 19.5, 'c39'], ending);
    renameSync(out, `${out}.done`);
  }
});

test('a file is written whole or not at all, over what was there', async () => {
  const out = join(folder.path, folder.write('whole.csv', 'before'));
  const open = async () => {
    const spec = { source: [file], key: [], missing: [] };
    const opened = await openTable(spec, folder.path, { writable: out });
    return opened.ok ? opened.table : assert.fail('the table opens');
  };
  const values = Float64Array.from({ length: 20 }, (_, row) => row);
  const files = readdirSync(folder.path);
  const failing = function* () {
    yield [{ name: 'stay', values }];
    throw new Error('the second window fails');
  };
  using broken = await open();
  await assert.rejects(writeTable(broken, failing(), out), /^Error: the second window fails$/);
  assert.equal(readFileSync(out, 'utf8'), 'before');
  assert.deepEqual(readdirSync(folder.path), files);
  using table = await open();
  await writeTable(table, [[{ name: 'stay', values }], [{ name: 'stay', values }]], out);
  assert.match(readFileSync(out, 'utf8'), /^x,.*,stay\n.*,0\.0\n/);
  assert.deepEqual(readdirSync(folder.path), files);
});
