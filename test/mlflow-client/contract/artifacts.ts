/** @file Artifacts against a real server. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { test } from 'node:test';
import { MlflowError } from '../../../src/mlflow-client-ts/index.ts';
import { type GetGround, newRun } from './ground.ts';

export function testArtifacts(getGround: GetGround): void {
  test('what is sent can be fetched: a text, bytes, a stream, nothing at all', async () => {
    const ground = getGround();
    const { client } = ground;
    const { artifactUri } = (await newRun(ground)).info;
    const bytes = randomBytes(300_000);
    const chunks = Array.from({ length: 30 }, (_, index) =>
      bytes.subarray(index * 10_000, (index + 1) * 10_000),
    );
    const contents = { 'a.txt': 'größe', 'b.bin': new Uint8Array(bytes), 'empty.txt': '' };
    for (const [path, content] of Object.entries(contents))
      await client.artifacts.upload(artifactUri, path, content);
    const stream = () => Readable.from(chunks);
    await client.artifacts.upload(artifactUri, 'c.bin', stream);
    await client.artifacts.upload(artifactUri, 'd.bin', stream, { size: bytes.length });
    const fetched = async (path: string) =>
      buffer(await client.artifacts.download(artifactUri, path));
    assert.equal((await fetched('a.txt')).toString(), 'größe');
    assert.deepEqual(await fetched('b.bin'), bytes);
    for (const path of ['c.bin', 'd.bin'])
      assert.ok(bytes.equals(await fetched(path)), `${path} is another one`);
    assert.equal((await fetched('empty.txt')).length, 0);
  });

  test('any sign may be in a path but one, and sent again it replaces the first', async () => {
    const ground = getGround();
    const { client } = ground;
    const { artifactUri, runId } = (await newRun(ground)).info;
    const paths = ['a b/100% ü.txt', 'x?y&z=1,[2]+:@.txt', 'deep/er/file'];
    for (const path of paths) {
      await client.artifacts.upload(artifactUri, path, 'first');
      await client.artifacts.upload(artifactUri, path, path, { contentType: 'text/plain' });
      assert.equal(await text(await client.artifacts.download(artifactUri, path)), path);
    }
    assert.deepEqual(await client.artifacts.list(runId, 'a b'), [
      { path: 'a b/100% ü.txt', isDirectory: false, size: 15 },
    ]);
    const all = await client.artifacts.list(runId);
    assert.deepEqual(
      all.map(({ path, isDirectory }) => [path, isDirectory]),
      [
        ['a b', true],
        ['deep', true],
        ['x?y&z=1,[2]+:@.txt', false],
      ],
    );
    assert.deepEqual(await client.artifacts.list(runId, 'none'), []);
    await assert.rejects(client.artifacts.upload(artifactUri, 'a#b', 'x'), /takes no #/);
  });

  test('a file goes, and is missed afterwards', async () => {
    const ground = getGround();
    const { client } = ground;
    const { artifactUri, runId } = (await newRun(ground)).info;
    await client.artifacts.upload(artifactUri, 'a/b.txt', 'x');
    await client.artifacts.delete(artifactUri, 'a/b.txt');
    assert.deepEqual(await client.artifacts.list(runId, 'a'), []);
    await assert.rejects(
      client.artifacts.download(artifactUri, 'a/b.txt'),
      (error) => error instanceof MlflowError && error.status === 404,
    );
  });
}
