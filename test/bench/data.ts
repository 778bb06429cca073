/** @file How long 200,000 rows of 100 features take to load and encode: `npx tsx test/bench/data.ts`. */

import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { checkData, prepareData, readPrepared } from '../../src/data/index.ts';

const rows = 200_000;

/** 80 numbers (every second with 5 % missing), 20 categories of 10 to 200 values, two targets. */
async function generate(folder: string): Promise<void> {
  const numbers = Array.from({ length: 80 }, (_, index) =>
    index % 2 === 0
      ? `(hash(i * 131 + ${index}) % 1000)::BIGINT AS n${index}`
      : `CASE WHEN hash(i * 17 + ${index}) % 20 <> 0 THEN round((hash(i * 31 + ${index}) % 1000000) / 1e4, 4) END AS n${index}`,
  );
  const categories = Array.from(
    { length: 20 },
    (_, index) => `'value' || (hash(i * 7 + ${index}) % ${10 * (index + 1)}) AS c${index}`,
  );
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE made AS SELECT ${[...numbers, ...categories].join(', ')},
    hash(i) % 2 AS sick, (hash(i) % 100) / 10 AS days FROM range(${rows}) AS made(i)`);
  await connection.run(`COPY made TO '${join(folder, 'data.csv')}'`);
  await connection.run(`COPY made TO '${join(folder, 'data.parquet')}'`);
  connection.closeSync();
  instance.closeSync();
}

const number = { exclude: [], type: 'number', impute: 'median', missingIndicator: false } as const;
const specFor = (source: string): Parameters<typeof prepareData>[0] => ({
  seed: 7,
  data: {
    source: [source],
    key: [],
    missing: [],
    split: { train: 0.7, validation: 0.15, test: 0.15, stratify: 'sick' },
    features: [
      { ...number, columns: ['n*'], log1p: false, scale: 'standard' },
      {
        type: 'category',
        columns: Array.from({ length: 10 }, (_, index) => `c${index}`),
        exclude: [],
        minCount: 1,
        encode: { embedding: { outputDim: 8 } },
      },
      {
        type: 'category',
        columns: ['c1?'],
        exclude: ['c1'],
        minCount: 2000,
        encode: { oneHot: {} },
      },
    ],
  },
  heads: JSON.parse(`{
    "sick": { "type": "binary", "target": ["sick"], "metrics": [], "layers": [] },
    "days": { "type": "regression", "target": ["days"], "metrics": [], "layers": [] }
  }`),
});

async function measure(folder: string, file: string): Promise<void> {
  const seconds = async (work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    return ((performance.now() - start) / 1000).toFixed(2);
  };
  const spec = specFor(file);
  const cache = join(folder, `cache-${file}`);
  let directory = '';
  const prepare = async () => {
    ({ directory } = await prepareData(spec, folder, cache));
  };
  const cold = await seconds(prepare);
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  const warm = await seconds(prepare);
  const read = await seconds(async () => readPrepared(directory));
  const check = await seconds(() => checkData(spec, folder));
  const megabytes = (statSync(join(folder, file)).size / 1e6).toFixed(0);
  process.stdout.write(
    `${file} (${megabytes} MB): prepare ${cold} s, peak ${peak} MB; from the cache ${warm} s; read ${read} s; check ${check} s\n`,
  );
}

const [folderOfChild, file] = process.argv.slice(2);
if (folderOfChild && file) await measure(folderOfChild, file);
else {
  const folder = mkdtempSync(join(tmpdir(), 'data-bench-'));
  await generate(folder);
  for (const name of ['data.csv', 'data.parquet']) {
    const child = fork(new URL(import.meta.url).pathname, [folder, name], {
      execArgv: process.execArgv,
    });
    await new Promise((resolve) => child.once('exit', resolve));
  }
  rmSync(folder, { recursive: true, force: true });
}
