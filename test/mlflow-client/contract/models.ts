/** @file Logged models and the registry against a real server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterText } from '../../../src/mlflow-client-ts/index.ts';
import { collect, freshName, type GetGround, type Ground, newRun, withCode } from './ground.ts';

async function newModel(ground: Ground) {
  const { info } = await newRun(ground);
  const { experimentId, runId } = info;
  const params = Object.fromEntries(
    Array.from({ length: 120 }, (_, index) => [`p${index}`, index]),
  );
  const given = { name: 'tower', modelType: 'tfjs-layers', sourceRunId: runId, params };
  const made = await ground.client.models.create({
    ...given,
    experimentId,
    tags: { task: 'stay' },
  });
  return { runId, experimentId, modelId: made.info.modelId, artifactUri: made.info.artifactUri };
}

export function testModels(getGround: GetGround): void {
  test('a logged model is made, filled, finished, and stands at its run', async () => {
    const ground = getGround();
    const { client } = ground;
    const { runId, modelId, artifactUri } = await newModel(ground);
    await client.artifacts.upload(artifactUri, 'MLmodel', 'flavors: {}');
    await client.runs.logOutputs({ runId, models: [{ modelId, step: 4.5 }] });
    await client.runs.logOutputs({ runId, models: [{ modelId, step: 4 }] });
    const metric = { key: 'auc', value: 0.75, timestamp: 5, step: 4, modelId };
    await client.runs.logMetric(runId, metric);
    await client.models.finalize(modelId, 'LOGGED_MODEL_READY');
    const { info, params, metrics } = await client.models.get(modelId);
    assert.deepEqual(
      [info.name, info.modelType, info.sourceRunId, info.status, info.tags.task],
      ['tower', 'tfjs-layers', runId, 'LOGGED_MODEL_READY', 'stay'],
    );
    assert.equal(Object.keys(params).length, 120);
    assert.deepEqual(
      metrics.map(({ key, value }) => [key, value]),
      [['auc', 0.75]],
    );
    assert.deepEqual((await client.runs.get(runId)).outputs, [{ modelId, step: 4 }]);
    assert.deepEqual(await client.models.listArtifacts(modelId), [
      { path: 'MLmodel', isDirectory: false, size: 11 },
    ]);
  });

  test('outputs that are there already do not keep others away', async () => {
    const ground = getGround();
    const [first, second] = [await newModel(ground), await newModel(ground)];
    const { runId } = first;
    const link = (...ids: string[]) =>
      ground.client.runs.logOutputs({ runId, models: ids.map((modelId) => ({ modelId })) });
    await link(first.modelId);
    await link(first.modelId, second.modelId);
    const { outputs } = await ground.client.runs.get(runId);
    assert.deepEqual(
      new Set(outputs.map(({ modelId }) => modelId)),
      new Set([first.modelId, second.modelId]),
    );
  });

  test('parameters of a model come once, its tags come and go', async () => {
    const ground = getGround();
    const { client } = ground;
    const { modelId } = await newModel(ground);
    await client.models.logParams(modelId, { p0: 0, 'any key (here)': 1 });
    await client.models.logParams(modelId, { p0: 0, later: 2 });
    const { params } = await client.models.get(modelId);
    assert.deepEqual([params['any key (here)'], params.later], ['1', '2']);
    await assert.rejects(client.models.logParams(modelId, { p0: 5 }), /has the value "0" already/);
    await client.models.setTags(modelId, { a: 1, b: 2 });
    await client.models.setTags(modelId, { a: 3 });
    await client.models.deleteTag(modelId, 'b');
    const { tags } = (await client.models.get(modelId)).info;
    assert.deepEqual([tags.a, tags.b], ['3', undefined]);
  });

  test('models are searched by what they have, page by page, until they are deleted', async () => {
    const ground = getGround();
    const { client } = ground;
    const { experimentId, modelId } = await newModel(ground);
    for (const size of [1, 2])
      await client.models.create({ experimentId, name: 'other', params: { size } });
    const ids = async (filter?: string) => {
      const search = { experimentIds: [experimentId], filter, maxResults: 2 };
      return (await collect(client.models.search(search))).map(({ info }) => info.modelId);
    };
    assert.equal((await ids()).length, 3);
    assert.deepEqual(await ids("params.p3 = '3'"), [modelId]);
    await client.models.delete(modelId);
    assert.equal((await ids()).length, 2);
    await assert.rejects(client.models.get(modelId), ground.isMissing);
    await assert.rejects(client.models.get(''), withCode('INVALID_ARGUMENT'));
  });
}

export function testRegistry(getGround: GetGround): void {
  test('a registered model is made once, described, renamed and searched', async () => {
    const { client } = getGround();
    const name = freshName("it's").replace('/', ' ');
    const [first, second] = [
      await client.registry.getOrCreateModel(name, { description: 'why', tags: { a: 1 } }),
      await client.registry.getOrCreateModel(name),
    ];
    assert.deepEqual(second, first);
    assert.deepEqual([first.description, first.tags], ['why', { a: '1' }]);
    await assert.rejects(client.registry.createModel(name), withCode('RESOURCE_ALREADY_EXISTS'));
    await assert.rejects(client.registry.createModel('a/b'), /must not hold \/ or :/);
    await client.registry.updateModel(name, 'better');
    await client.registry.setModelTag(name, 'b', true);
    await client.registry.deleteModelTag(name, 'a');
    const other = `${name} renamed`;
    await client.registry.renameModel(name, other);
    const filter = `name = ${filterText(other)}`;
    const [found] = await collect(client.registry.searchModels({ filter }));
    assert.deepEqual([found?.description, found?.tags], ['better', { b: 'true' }]);
    await client.registry.deleteModel(other);
    await assert.rejects(client.registry.getModel(other), withCode('RESOURCE_DOES_NOT_EXIST'));
  });

  test('versions are made of logged models, named by aliases, and found', async () => {
    const ground = getGround();
    const { registry } = ground.client;
    const { modelId, runId, artifactUri } = await newModel(ground);
    const name = freshName('hospital').replace('/', '-');
    await registry.getOrCreateModel(name);
    const given = { name, source: `models:/${modelId}`, modelId, runId, tags: { best: true } };
    const { version, tags } = await registry.createVersion({ ...given, description: 'first' });
    assert.deepEqual([version, tags.best], ['1', 'true']);
    await registry.createVersion(given);
    await registry.setAlias(name, 'champion', '1');
    await registry.setAlias(name, 'champion', '2');
    assert.equal((await registry.getVersionByAlias(name, 'champion'))?.version, '2');
    assert.deepEqual((await registry.getModel(name)).aliases, { champion: '2' });
    await registry.deleteAlias(name, 'champion');
    assert.equal(await registry.getVersionByAlias(name, 'champion'), null);
    for (const alias of ['latest', 'v1', 'a b', ''])
      await assert.rejects(registry.setAlias(name, alias, '1'), /is no alias/);
    await registry.setVersionTag({ name, version }, 'checked', 'yes');
    await registry.deleteVersionTag({ name, version }, 'best');
    await registry.updateVersion({ name, version }, 'changed');
    const first = await registry.getVersion(name, '1');
    assert.deepEqual(
      [first.description, first.tags.checked, first.tags.best, first.runId, first.source],
      ['changed', 'yes', undefined, runId, `models:/${modelId}`],
    );
    assert.equal(await registry.getVersionUri(name, '1'), artifactUri);
    const filter = `name = ${filterText(name)}`;
    const all = await collect(registry.searchVersions({ filter, maxResults: 1 }));
    assert.deepEqual(all.map(({ version: number }) => number).sort(), ['1', '2']);
    await registry.deleteVersion(name, '1');
    await assert.rejects(registry.getVersion(name, '1'), withCode('RESOURCE_DOES_NOT_EXIST'));
  });
}
