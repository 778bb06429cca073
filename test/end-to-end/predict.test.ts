import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openRows, writeTable } from '../../src/data/index.ts';
import { rng } from '../../src/plan/random.ts';
import '../compile/native.ts';
import { run, smallExperiment, smallSpec } from './small-experiment.ts';

const { loadTrainedModel, savedMemory, savedPreprocessing } = await import(
  '../../src/trained-model.ts'
);

const spec = smallSpec
  .slice(0, smallSpec.indexOf('sweep:'))
  .replace('  source: patients.csv', '  source: patients.csv\n  memory: 1MB')
  .replace('epochs: 6', 'epochs: 1');

/** More rows than the 20,000 by which the types of a CSV are told; some values are missing or new. */
function laterRows(rows: number): string {
  const { next, integer } = rng(2, 'later');
  const wards = ['a', 'b', 'c', ''];
  const lines = Array.from({ length: rows }, (_, row) =>
    [row, next() * 2 - 1, row % 7 === 0 ? '' : next(), wards[integer(4)]].join(','),
  );
  return ['id,x1,x2,ward', ...lines, ''].join('\n');
}

test('a table is predicted by windows: the same bytes as in one', async () => {
  const folder = smallExperiment(spec);
  const inFolder = (name: string) => join(folder, name);
  const trained = await run(folder, 'small.yaml');
  assert.equal(trained.status, 0, trained.stderr);
  writeFileSync(inFolder('later.csv'), laterRows(25_000));

  const trial = inFolder('runs/small/trials/1');
  assert.equal(savedMemory(trial), '1MB');
  const { preprocessing } = savedPreprocessing(trial);
  const model = await loadTrainedModel(trial);
  for (const [name, bytes, expected] of [
    ['one', 1e9, [25_000]],
    ['several', 1e6, [12_288, 12_288, 424]],
  ] as const) {
    const writable = inFolder(`${name}.csv`);
    using table = await openRows(preprocessing, [inFolder('later.csv')], folder, { writable });
    const sizes: number[] = [];
    const counted = async function* () {
      for await (const columns of model.predictWindows(table, bytes)) {
        sizes.push(columns[0]?.values.length ?? 0);
        yield columns;
      }
    };
    await writeTable(table, counted(), writable);
    assert.deepEqual(sizes, expected);
  }
  model.dispose();

  // The command's windows are those of 1 MB: a batch each.
  const predicted = await run(folder, 'predict', 'small', 'later.csv', '--out', 'command.csv');
  assert.equal(predicted.status, 0, predicted.stderr);
  const [one, several, command] = ['one', 'several', 'command'].map((name) =>
    readFileSync(inFolder(`${name}.csv`), 'utf8'),
  );
  assert.equal(one?.split('\n').length, 25_002);
  assert.equal(several, one);
  assert.equal(command, one);

  // A row far down is told with its line; what stood under the name stays, and nothing beside it.
  writeFileSync(inFolder('wrong.csv'), `${laterRows(24_000)}24000,0.5,0.5,a,b,c\n`);
  const before = readdirSync(folder);
  const failed = await run(folder, 'predict', 'small', 'wrong.csv', '--out', 'one.csv');
  assert.equal(failed.status, 2);
  assert.match(failed.stderr, /wrong\.csv: expected a file that DuckDB can read.* Line: 24002/);
  assert.equal(readFileSync(inFolder('one.csv'), 'utf8'), one);
  assert.deepEqual(readdirSync(folder), before);

  const nowhere = await run(folder, 'predict', 'small', 'later.csv', '--out', 'no/out.csv');
  assert.equal(nowhere.status, 2);
  assert.match(nowhere.stderr, /no\/out\.csv: there is no folder .*\/no$/m);
});
