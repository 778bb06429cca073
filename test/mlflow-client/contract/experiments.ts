/** @file Experiments against a real server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect, freshName, type GetGround, newExperiment, withCode } from './ground.ts';

export function testExperiments(getGround: GetGround): void {
  test('an experiment is made once, whoever asks for it', async () => {
    const { client } = getGround();
    const name = freshName('größe 100% /x?y&z');
    const tags = { question: 'does it pay?', seeds: 3 };
    const made = await Promise.all(
      [1, 2, 3].map(() => client.experiments.getOrCreate(name, { tags })),
    );
    assert.equal(new Set(made.map(({ experimentId }) => experimentId)).size, 1);
    assert.deepEqual(made[0]?.tags, { question: 'does it pay?', seeds: '3' });
    assert.equal(made[0]?.name, name);
    assert.equal(made[0]?.lifecycleStage, 'active');
    assert.deepEqual(await client.experiments.get(made[0]?.experimentId ?? ''), made[0]);
    await assert.rejects(client.experiments.create(name), withCode('RESOURCE_ALREADY_EXISTS'));
  });

  test('a deleted experiment is found, and restored by whoever needs it', async () => {
    const ground = getGround();
    const { client } = ground;
    const { experimentId, name } = await newExperiment(ground);
    await client.experiments.delete(experimentId);
    assert.equal((await client.experiments.getByName(name))?.lifecycleStage, 'deleted');
    const again = await client.experiments.getOrCreate(name);
    assert.deepEqual([again.experimentId, again.lifecycleStage], [experimentId, 'active']);
    await assert.rejects(
      client.experiments.restore(experimentId),
      withCode('RESOURCE_DOES_NOT_EXIST'),
    );
    assert.equal(await client.experiments.getByName(freshName('none')), null);
    await assert.rejects(client.experiments.get('999999'), withCode('RESOURCE_DOES_NOT_EXIST'));
  });

  test('tags come and go, and a name can change', async () => {
    const ground = getGround();
    const { client } = ground;
    const { experimentId } = await newExperiment(ground);
    await client.experiments.setTag(experimentId, 'mlflow.note.content', '# Title');
    await client.experiments.setTag(experimentId, 'long', 'x'.repeat(20_000));
    await client.experiments.deleteTag(experimentId, 'long');
    const name = freshName('other');
    await client.experiments.rename(experimentId, name);
    const { tags, name: now } = await client.experiments.get(experimentId);
    assert.deepEqual([tags, now], [{ 'mlflow.note.content': '# Title' }, name]);
    await assert.rejects(
      client.experiments.deleteTag(experimentId, 'long'),
      withCode('RESOURCE_DOES_NOT_EXIST'),
    );
    const tooLong = client.experiments.setTag(experimentId, 'long', 'x'.repeat(20_001));
    await assert.rejects(tooLong, withCode('INVALID_ARGUMENT'));
  });

  test('a search gives all pages, deleted ones only if they are asked for', async () => {
    const { client } = getGround();
    const prefix = freshName();
    const ids: string[] = [];
    for (const letter of ['a', 'b', 'c', 'd', 'e'])
      ids.push(await client.experiments.create(`${prefix}/${letter}`));
    await client.experiments.delete(ids[4] ?? '');
    const search = { filter: `name LIKE '${prefix}%'`, orderBy: ['name ASC'], maxResults: 2 };
    const names = async (viewType?: 'ALL') => {
      const found = await collect(client.experiments.search({ ...search, viewType }));
      return found.map(({ name }) => name.at(-1));
    };
    assert.deepEqual(await names(), ['a', 'b', 'c', 'd']);
    assert.deepEqual(await names('ALL'), ['a', 'b', 'c', 'd', 'e']);
  });
}
