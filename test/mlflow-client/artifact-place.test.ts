import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { artifactPlace } from '../../src/mlflow-client-ts/artifact-place.ts';
import { MlflowError } from '../../src/mlflow-client-ts/index.ts';

const place = (uri: string, path = 'a.txt', server = 'http://host:5000') =>
  artifactPlace(uri, path, server, 'upload');
const service = '/api/2.0/mlflow-artifacts/artifacts';
const folder = mkdtempSync(join(tmpdir(), 'mlflow-artifacts-'));
after(() => rmSync(folder, { recursive: true }));

const urlOf = (...parts: Parameters<typeof place>) => {
  const found = place(...parts);
  return found.kind === 'server' ? found.url : found.path;
};

test('artifacts behind the server are addressed through it, below its path', () => {
  assert.equal(
    urlOf('mlflow-artifacts:/1/r/artifacts'),
    `http://host:5000${service}/1/r/artifacts/a.txt`,
  );
  assert.equal(
    urlOf('mlflow-artifacts:/1/r/artifacts', 'a.txt', 'https://host/pre'),
    `https://host/pre${service}/1/r/artifacts/a.txt`,
  );
  assert.equal(urlOf('mlflow-artifacts:///1/r'), `http://host:5000${service}/1/r/a.txt`);
});

test('another host may hold the artifacts, and serve them as the server does', () => {
  assert.equal(
    urlOf('mlflow-artifacts://other:5500/1/r', 'a.txt', 'https://host'),
    `https://other:5500${service}/1/r/a.txt`,
  );
  assert.equal(urlOf('https://u:p@other/x/1/?sig=1'), 'https://other/x/1/a.txt');
});

test('every sign of a path arrives as it is', () => {
  const path = 'a b/100% ü/x?y:z&=,[1]+\\.txt';
  const url = urlOf('mlflow-artifacts:/my folder/50%25', path);
  assert.equal(decodeURIComponent(new URL(url).pathname), `${service}/my folder/50%/${path}`);
});

test('a path that could lead elsewhere is refused', () => {
  for (const path of ['', '/a', 'a/', 'a//b', '.', '..', 'a/../b', './a', 'a\\..\\b', 'a#b', 'a\0'])
    assert.throws(
      () => place('mlflow-artifacts:/1/r', path),
      (error) =>
        error instanceof MlflowError && error.message.includes('is no path of an artifact'),
      path,
    );
});

test('a folder that this machine shares with the server is written to', () => {
  const run = join(folder, '1', 'r', 'artifacts');
  assert.deepEqual(place(run), { kind: 'file', path: join(run, 'a.txt') });
  assert.deepEqual(place(pathToFileURL(run).href), { kind: 'file', path: join(run, 'a.txt') });
  const model = join(folder, '1', 'models', 'm-1', 'artifacts');
  assert.deepEqual(place(model, 'b/c'), { kind: 'file', path: join(model, 'b', 'c') });
});

test('what cannot be reached is told, without its credentials', () => {
  const places = [
    's3://key:secret@bucket/1',
    'file:///not/here/1/r/artifacts',
    'file://elsewhere/tmp/1/r/artifacts',
    '/1/r/artifacts',
    'dbfs:/x',
  ];
  for (const uri of places)
    assert.throws(
      () => place(uri),
      (error) =>
        error instanceof MlflowError &&
        /which this client cannot reach/.test(error.message) &&
        /no-serve-artifacts/.test(error.hint ?? '') &&
        !error.message.includes('secret'),
      uri,
    );
});
