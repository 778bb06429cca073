import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import {
  createDataStore,
  dataName,
  openPlace,
  prepareData,
  publishData,
} from '../../src/data/index.ts';
import { sha256, sharedFolder } from '../../src/data/places/publish.ts';
import { loadExperiment } from '../../src/load-experiment.ts';
import { smallExperiment } from '../end-to-end/small-experiment.ts';
import { prepareS3, startS3 } from '../redis/s3.ts';

const fresh = () => mkdtempSync(join(tmpdir(), 'place-'));
const experiment = smallExperiment();
const loaded = await loadExperiment({
  file: join(experiment, 'small.yaml'),
  overrides: [],
  env: {},
});
assert.ok(loaded.ok);
const runs = join(experiment, 'runs');
const { directory } = await prepareData(
  loaded.experiment.spec,
  experiment,
  join(runs, 'small/data'),
);
const name = dataName(directory);

async function storeOf(place: string | null, at: { runs?: string; cache?: string } = {}) {
  const lines: string[] = [];
  const cache = at.cache ?? fresh();
  const opened = place === null ? null : await openPlace(place);
  const say = (line: string) => lines.push(line);
  const obtain = createDataStore({ cache, runs: at.runs ?? fresh(), place: opened, say });
  return { obtain, cache, lines };
}

const contentOf = (folder: string) =>
  readdirSync(folder)
    .sort()
    .map((file) => [file, sha256(readFileSync(join(folder, file)))]);

async function checkPlace(place: string): Promise<void> {
  await publishData(await openPlace(place), directory);
  await publishData(await openPlace(place), directory);
  const { obtain, cache, lines } = await storeOf(place);
  const [first, second] = await Promise.all([obtain(name), obtain(name)]);
  assert.ok(first.ok && second.ok, JSON.stringify(first));
  assert.equal(first.directory, join(cache, sharedFolder(name)));
  assert.deepEqual(contentOf(first.directory), contentOf(directory));
  assert.equal(lines.length, 1, 'fetched once');
  const beside = readdirSync(cache).filter((file) => !file.endsWith('.user'));
  assert.deepEqual(beside, [sharedFolder(name)], 'nothing half is left beside it');
  const again = await storeOf(null, { cache });
  assert.ok((await again.obtain(name)).ok, 'from the cache, without any place');
}

test('prepared data go through a shared folder, byte for byte', () => checkPlace(fresh()));

const noS3 = await prepareS3();
const s3 = noS3 ? undefined : await startS3();
after(() => s3?.stop());

test('prepared data go through an S3-compatible store, byte for byte', { skip: noS3 }, () =>
  checkPlace(s3?.uri ?? ''),
);

test('a bucket that is not there is a reason and no missing file', { skip: noS3 }, async () => {
  const { obtain } = await storeOf('s3://nowhere/data');
  const found = await obtain(name);
  assert.ok(!found.ok);
  assert.match(found.reason, /s3:\/\/nowhere\/data: .*bucket does not exist/);
});

test('data of a run on the same machine are used where they lie', async () => {
  const { obtain, cache } = await storeOf(null, { runs });
  assert.deepEqual(await obtain(name), { ok: true, directory });
  assert.deepEqual(readdirSync(cache), []);
});

test('without a place a worker says what it lacks, and finds it once it is there', async () => {
  const later = fresh();
  const { obtain } = await storeOf(null, { runs: later });
  const before = await obtain(name);
  assert.ok(!before.ok);
  assert.match(before.reason, /no prepared data [0-9a-f]{32}: give this worker .* --data/);
  cpSync(directory, join(later, 'small/data', basename(directory)), { recursive: true });
  assert.ok((await obtain(name)).ok);
});

test('what came with other content is refused, and nothing of it is kept', async () => {
  const place = fresh();
  await publishData(await openPlace(place), directory);
  const published = join(place, sharedFolder(name));
  const file = 'train.label.ill';
  const bytes = readFileSync(join(published, file));
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  writeFileSync(join(published, file), bytes);
  const { obtain, cache } = await storeOf(place);
  const found = await obtain(name);
  assert.ok(!found.ok);
  assert.match(found.reason, /train\.label\.ill came with other content/);
  rmSync(join(published, file));
  const missing = await obtain(name);
  assert.ok(!missing.ok);
  assert.match(missing.reason, /lacks its train\.label\.ill/);
  assert.deepEqual(readdirSync(cache), []);
});

test('a manifest that names a file elsewhere is refused, even with its hash', async () => {
  const place = fresh();
  const manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'));
  manifest.splits.train.rowNumbers.file = '../../stolen';
  const text = JSON.stringify(manifest);
  const evil = { key: name.key, manifest: sha256(Buffer.from(text)) };
  cpSync(directory, join(place, sharedFolder(evil)), { recursive: true });
  writeFileSync(join(place, sharedFolder(evil), 'manifest.json'), text);
  const { obtain, cache } = await storeOf(place);
  const found = await obtain(evil);
  assert.ok(!found.ok);
  assert.match(found.reason, /names what it may not/);
  assert.deepEqual(readdirSync(cache), []);
});
