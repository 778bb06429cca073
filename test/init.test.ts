import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { checkData, type DataRequest } from '../src/data/index.ts';
import { initSpec } from '../src/init.ts';
import { categories, head, numbers } from './data/small-tables.ts';

const folder = mkdtempSync(join(tmpdir(), 'init-test-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

async function init(file: string, text?: string): Promise<string> {
  if (text !== undefined) writeFileSync(join(folder, file), text);
  const made = await initSpec(text === undefined ? file : join(folder, file), folder);
  return made.ok ? made.text : assert.fail(made.reason);
}

/** The spec with the defaults that the schema would fill in, against its table. */
function problemsOf(text: string) {
  const spec = parse(text);
  const defaults = { number: numbers('x'), category: categories('x') };
  const features = spec.data.features.map(
    (group: { type: 'number' | 'category'; encode?: string }) => ({
      ...(defaults[group.type] ?? { exclude: [] }),
      ...group,
      ...(group.encode ? { encode: { [group.encode]: {} } } : {}),
    }),
  );
  const heads = Object.entries<{ type: string; target: string }>(spec.heads).map(
    ([name, { type, target, ...options }]) => [name, head(type, target, options)],
  );
  const { source, missing = [] } = spec.data;
  const data = { key: [], ...spec.data, source: [source], missing, features };
  const request: Pick<DataRequest, 'data' | 'heads'> = { data, heads: Object.fromEntries(heads) };
  return checkData(request, folder);
}

const patients = Array.from({ length: 60 }, (_, row) =>
  [
    row + 1,
    row % 9,
    ['a', 'b', '?'][row % 3],
    'x',
    row * 1.5,
    `2024-02-${10 + (row % 9)}`,
    row % 2 ? 'Yes' : 'No',
  ].join(','),
);

test('ids and constants are left out, dates, categories and numbers told apart', async () => {
  const text = await init(
    'my patients.csv',
    ['visit_id,age,ward,site,stay_days,"day in",died', ...patients].join('\n'),
  );
  assert.deepEqual(await problemsOf(text), []);
  const { experiment, data, heads } = parse(text);
  assert.equal(experiment, 'my-patients');
  assert.equal(data.source, 'my patients.csv');
  assert.deepEqual(data.missing, ['?']);
  assert.deepEqual(
    data.features.map(({ type, columns }: { type: string; columns: string[] }) => [
      type,
      ...columns,
    ]),
    [
      ['number', 'age'],
      ['date', 'day in'],
      ['category', 'ward'],
    ],
  );
  assert.match(text, /# {3}visit_id: an id\n.*# {3}site: always x\n/);
  assert.deepEqual(heads.died, {
    target: 'died',
    type: 'binary',
    positive: [heads.died.positive[0]],
  });
  assert.deepEqual(heads.stay_days, { target: 'stay_days', type: 'regression' });
});

test('names that YAML would misread are quoted', async () => {
  const text = await init(
    'odd.csv',
    `"no","a: b","1","it's #1",y\n${Array.from({ length: 12 }, (_, row) => `${row},${row % 5},${row * 2},${row % 3},${row % 2}`).join('\n')}\n`,
  );
  assert.deepEqual(await problemsOf(text), []);
  const columns = parse(text).data.features.flatMap(
    (group: { columns: string[] }) => group.columns,
  );
  assert.deepEqual(columns.toSorted(), ['1', 'a: b', "it's #1"]);
});

test('what cannot be read, or predicted, is said in a sentence', async () => {
  const missing = await initSpec(join(folder, 'none.csv'));
  assert.match(missing.ok ? '' : missing.reason, /expected a file/);
  writeFileSync(join(folder, 'ids.csv'), 'id\n1\n2\n');
  const ids = await initSpec(join(folder, 'ids.csv'));
  assert.match(ids.ok ? '' : ids.reason, /no column that could be predicted/);
});

const shared = '../shared/data';
const tables = [
  ['small/digits.csv.gz', 'digit', 'multiclass'],
  ['small/linnerud.csv.gz', 'pulse', 'regression'],
  ['small/diabetes442.csv.gz', 'progression', 'regression'],
  ['small/breast_cancer.csv.gz', 'benign', 'binary'],
  ['diabetes130/diabetic_data.csv.gz', 'readmitted', 'multiclass'],
] as const;
for (const [file, target, type] of tables)
  test(`a first spec for ${file} fits its table`, {
    skip: !existsSync(join(shared, file)) && 'the shared data is absent',
  }, async () => {
    const text = await init(join(shared, file));
    assert.equal(parse(text).heads[target].type, type);
    assert.deepEqual(await problemsOf(text), []);
  });
