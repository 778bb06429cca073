import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createMlflowClient, MlflowError } from '../../src/mlflow-client-ts/index.ts';

// No server is asked for what lies in a folder of this machine.
const client = createMlflowClient({ uri: 'http://127.0.0.1:1', env: {}, retry: { retries: 0 } });
const root = mkdtempSync(join(tmpdir(), 'mlflow-local-'));
const folder = join(root, '1', 'r', 'artifacts');
const uri = pathToFileURL(folder).href;
after(async () => {
  rmSync(root, { recursive: true });
  await client.close();
});

test('artifacts in a folder of this machine are written, read and deleted there', async () => {
  await client.artifacts.upload(uri, 'deep/a.txt', 'first');
  await client.artifacts.upload(uri, 'deep/a.txt', () => Readable.from(['sec', 'ond']));
  assert.equal(readFileSync(join(folder, 'deep', 'a.txt'), 'utf8'), 'second');
  assert.equal(await text(await client.artifacts.download(folder, 'deep/a.txt')), 'second');
  await client.artifacts.delete(uri, 'deep');
  await assert.rejects(client.artifacts.download(uri, 'deep/a.txt'), MlflowError);
  await assert.rejects(client.artifacts.upload(uri, '../b', 'x'), MlflowError);
});

test('what breaks off in the middle leaves nothing', async () => {
  const broken = () =>
    Readable.from(
      (function* () {
        yield 'half';
        throw new Error('gone');
      })(),
    );
  await client.artifacts.upload(uri, 'b.txt', 'whole');
  await assert.rejects(client.artifacts.upload(uri, 'b.txt', broken), { message: 'gone' });
  assert.deepEqual(readdirSync(folder), ['b.txt']);
  assert.equal(readFileSync(join(folder, 'b.txt'), 'utf8'), 'whole');
});
