import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { openTable, type TableSpec } from '../../src/data/index.ts';
import { temporaryFolder } from './small-tables.ts';

const folder = temporaryFolder();
const spec = (source: string | readonly string[], more: Partial<TableSpec> = {}): TableSpec => ({
  source: [source].flat(),
  key: [],
  missing: [],
  ...more,
});

async function read(table: TableSpec) {
  const opened = await openTable(table, folder.path);
  if (!opened.ok) assert.fail(JSON.stringify(opened.problems));
  using open = opened.table;
  const rows = await open.query('SELECT * FROM rows');
  return { rows, types: Object.fromEntries(open.columns.map(({ name, type }) => [name, type])) };
}

async function problemsOf(table: TableSpec) {
  const opened = await openTable(table, folder.path);
  if (opened.ok) assert.fail('a problem was expected');
  return opened.problems;
}

test('CSV with CRLF, TSV, JSON Lines and Parquet, compressed or not, give the same table', async () => {
  const lines = 'a,b\r\n1,x\r\n2,\r\n3,z\r\n';
  folder.write('t.csv', lines);
  folder.write('t.tsv', lines.replaceAll(',', '\t'));
  folder.write('t.jsonl', '{"a":1,"b":"x"}\n{"a":2,"b":""}\n{"a":3,"b":"z"}\n');
  writeFileSync(join(folder.path, 't.csv.gz'), gzipSync(lines));
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  for (const name of ['t.parquet', 't.csv.zst', 't.jsonl.gz'])
    await connection.run(`COPY (FROM '${folder.path}/t.csv') TO '${folder.path}/${name}'`);
  for (const name of [
    't.csv',
    't.tsv',
    't.jsonl',
    't.csv.gz',
    't.parquet',
    't.csv.zst',
    't.jsonl.gz',
  ]) {
    const { rows, types } = await read(spec(name));
    assert.deepEqual(
      rows,
      [
        ['1', 'x'],
        ['2', null],
        ['3', 'z'],
      ],
      name,
    );
    assert.deepEqual(types, { a: 'BIGINT', b: 'VARCHAR' }, name);
  }
});

test('a column that looked like numbers in the sample is read again from all rows', async () => {
  const values = Array.from({ length: 26_088 }, () => '0');
  folder.write(
    'late.csv',
    ['dose,drug', ...values.map((value) => `${value},No`), 'high,Steady'].join('\n'),
  );
  const { rows, types } = await read(spec('late.csv'));
  assert.deepEqual(types, { dose: 'VARCHAR', drug: 'VARCHAR' });
  assert.deepEqual(rows.at(-1), ['high', 'Steady']);
});

test('quotes that first come after the sample are quotes all the same', async () => {
  const plain = Array.from({ length: 25_000 }, (_, row) => `${row},x${row}`);
  folder.write('quoted.csv', ['a,b', ...plain, '1,"hello, you"', '2,"""so"""'].join('\n'));
  folder.write('inches.csv', ['a,b', ...plain, '1,"5 inch', '2,7" wide'].join('\n'));
  const tail = async (name: string) => (await read(spec(name))).rows.slice(-2);
  assert.deepEqual(await tail('quoted.csv'), [
    ['1', 'hello, you'],
    ['2', '"so"'],
  ]);
  assert.deepEqual(await tail('inches.csv'), [
    ['1', '"5 inch'],
    ['2', '7" wide'],
  ]);
});

test('a column may have any name, and a comment may stand before the header', async () => {
  folder.write('odd.csv', `# made by hand\n"it's","a ""b""",c}\n1,2,x\n`);
  const { types } = await read(spec('odd.csv'));
  assert.deepEqual(types, { "it's": 'BIGINT', 'a "b"': 'BIGINT', 'c}': 'VARCHAR' });
});

test('a column of "No" alone is text: it would read "false" in one file and "No" in the next', async () => {
  folder.write('no.csv', 'id,drug\n1,No\n2,No\n');
  assert.deepEqual((await read(spec('no.csv'))).rows, [
    ['1', 'No'],
    ['2', 'No'],
  ]);
});

test('listed texts are missing in every column and format, and leave numbers numbers', async () => {
  folder.write('m.csv', 'a,b,c\n1,None,x\n?,NA,?\n3,2,y\n');
  folder.write(
    'm.jsonl',
    '{"a":"1","b":"None","c":"x"}\n{"a":"?","b":"NA","c":"?"}\n{"a":"3","b":"2","c":"y"}\n',
  );
  for (const name of ['m.csv', 'm.jsonl']) {
    const { rows, types } = await read(spec(name, { missing: ['?'] }));
    assert.deepEqual(types, { a: 'BIGINT', b: 'VARCHAR', c: 'VARCHAR' }, name);
    assert.deepEqual(
      rows,
      [
        ['1', 'None', 'x'],
        [null, 'NA', null],
        ['3', '2', 'y'],
      ],
      name,
    );
  }
});

test('JSON values of mixed types are texts, and numbers again when the texts mean missing', async () => {
  folder.write('mixed.jsonl', '{"a":1,"b":7}\n{"a":"?","b":null}\n{"a":3.5,"b":"x"}\n');
  const missing = await read(spec('mixed.jsonl', { missing: ['?'] }));
  assert.deepEqual(missing.types, { a: 'DOUBLE', b: 'VARCHAR' });
  assert.deepEqual(missing.rows, [
    [1, '7'],
    [null, null],
    [3.5, 'x'],
  ]);
  assert.deepEqual((await read(spec('mixed.jsonl'))).types, { a: 'VARCHAR', b: 'VARCHAR' });
});

test('a file that is not what its name says is a problem of the source', async () => {
  folder.write('ragged.csv', `a,b\n${'1,2\n'.repeat(25_000)}1,2,3\n`);
  folder.write('zip.csv.gz', 'not compressed');
  folder.write('half.jsonl', '{"a":1}\n{"a":\n');
  for (const [name, came] of [
    ['ragged.csv', /Line: 25002/],
    ['zip.csv.gz', /not a GZIP stream/],
    ['half.jsonl', /Malformed JSON/],
  ] as const) {
    const [problem] = await problemsOf(spec(name));
    assert.deepEqual(problem?.path, ['data', 'source']);
    assert.match(problem?.came ?? '', came);
  }
});

test('globs are read by file name, lists in their order', async () => {
  folder.write('part-2.csv', 'a\n3\n4\n');
  folder.write('part-1.csv', 'a\n2\n1\n');
  assert.deepEqual((await read(spec('part-*.csv'))).rows.flat(), ['2', '1', '3', '4']);
  assert.deepEqual((await read(spec(['part-2.csv', 'part-1.csv']))).rows.flat(), [
    '3',
    '4',
    '2',
    '1',
  ]);
});

test('a query gives its rows by key, by all columns, or in its own order with ties broken', async () => {
  folder.write('q.csv', 'a,b\n2,x\n1,z\n2,w\n1,y\n');
  const rows = async (query: string, key: string[] = []) =>
    (await read(spec('q.csv', { query, key }))).rows.map((row) => row.join(''));
  assert.deepEqual(await rows('SELECT * FROM source'), ['1y', '1z', '2w', '2x']);
  assert.deepEqual(await rows('FROM source -- all', ['b']), ['2w', '2x', '1y', '1z']);
  assert.deepEqual(await rows('SELECT * FROM source ORDER BY a DESC;'), ['2w', '2x', '1y', '1z']);
  assert.deepEqual(await rows('SELECT a, count(*) AS n FROM source GROUP BY a'), ['12', '22']);
});

test('a query whose rows would differ from run to run is a problem', async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['SELECT * FROM source WHERE random() < 0.5', /random\(\)/],
    ['WITH ids AS (SELECT uuid() AS id FROM source) FROM ids', /uuid/],
    ['SELECT * FROM source TABLESAMPLE 10%', /without a seed/],
    ['SELECT * FROM source USING SAMPLE 2', /without a seed/],
    ['SELECT *, current_date - day AS age FROM source', /current_date/],
  ];
  for (const [query, came] of cases) {
    const [problem] = await problemsOf(spec('q.csv', { query }));
    assert.deepEqual(problem?.path, ['data', 'query']);
    assert.match(problem?.came ?? '', came);
  }
  const seeded = 'SELECT * FROM source USING SAMPLE reservoir(2 ROWS) REPEATABLE (7)';
  assert.equal((await read(spec('q.csv', { query: seeded }))).rows.length, 2);
});

test('a wrong query is a problem in DuckDB’s words, without a stack trace', async () => {
  const came = async (query: string) => {
    const [problem] = await problemsOf(spec('q.csv', { query }));
    assert.deepEqual(problem?.path, ['data', 'query']);
    assert.doesNotMatch(problem?.came ?? '', /\n +at |internal/);
    return `${problem?.came}\n${problem?.hint ?? ''}`;
  };
  assert.match(await came('SELEC * FROM source'), /syntax error at or near "SELEC"[\s\S]*\^/);
  assert.match(await came('SELECT lenght FROM source'), /"lenght" not found/);
  assert.match(await came('SELECT a::INT + b::INT FROM source'), /Could not convert string/);
  assert.match(await came('CREATE TABLE x (a INT)'), /CREATE TABLE/);
  assert.match(await came("SELECT * FROM '/etc/passwd'"), /reads the table `source` only/);
  assert.match(
    await came("SELECT * FROM 'https://example.com/a.csv'"),
    /reads the table `source` only/,
  );
});

test('files that are not there are named with those that are near', async () => {
  const problems = await problemsOf(
    spec(['par-1.csv', 'none/x.csv', 'https://a:b@c.de/x.csv', 'q.xlsx']),
  );
  assert.deepEqual(
    problems.map(({ path }) => path.at(-1)),
    [0, 1, 2, 3],
  );
  assert.match(problems[0]?.hint ?? '', /Did you mean "part-1.csv".*\? Looked for .* relative to/);
  const [fromRoot] = await problemsOf(spec(join(folder.path, 'nothing-like-it.csv')));
  assert.match(fromRoot?.came ?? '', /nothing-like-it/);
  assert.equal(fromRoot?.hint, undefined);
  assert.match(problems[1]?.hint ?? '', /no folder/);
  assert.match(problems[2]?.hint ?? '', /Nothing is fetched/);
  assert.doesNotMatch(JSON.stringify(problems), /a:b@/);
  folder.write('broken.parquet', 'no parquet');
  const [broken] = await problemsOf(spec('broken.parquet'));
  assert.deepEqual(broken?.path, ['data', 'source']);
});

test('a file may have the characters of a glob in its name', async () => {
  folder.write('odd[1]*.csv', 'a\n1\n');
  assert.deepEqual((await read(spec('odd[1]*.csv'))).rows, [['1']]);
});

const hospital = resolve('../shared/data/diabetes130/diabetic_data.csv.gz');
test('the hospital records open with their traps', {
  skip: !existsSync(hospital) && 'the shared data is absent',
}, async () => {
  const { rows, types } = await read(spec(hospital, { missing: ['?'] }));
  assert.equal(rows.length, 101_766);
  assert.equal(types.acetohexamide, 'VARCHAR');
  const column = Object.keys(types).indexOf('A1Cresult');
  // The counts of the set's own description.
  assert.equal(rows.filter((row) => row[column] === 'None').length, 84_748);
  const specialty = Object.keys(types).indexOf('medical_specialty');
  assert.equal(rows.filter((row) => row[specialty] === null).length, 49_949);
});
