/** @file Runs against a real server: made, changed, found. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterKey } from '../../../src/mlflow-client-ts/index.ts';
import { collect, type GetGround, newExperiment, newRun, withCode } from './ground.ts';

export function testRuns(getGround: GetGround): void {
  test('a run has what it was made with', async () => {
    const ground = getGround();
    const { client } = ground;
    const { experimentId } = await newExperiment(ground);
    const made = await client.runs.create({
      experimentId,
      startTime: 1795488714348.25,
      runName: 'trial 1',
      userId: 'me',
      tags: { seed: 3, joint: true },
      uniqueTag: { key: 'own key', value: "it's mine" },
    });
    const { info, data } = await client.runs.get(made.info.runId);
    assert.deepEqual(
      [info.runName, info.startTime, info.endTime, info.status, info.lifecycleStage, info.userId],
      ['trial 1', 1795488714348, null, 'RUNNING', 'active', 'me'],
    );
    assert.match(info.artifactUri, /^mlflow-artifacts:\//);
    const tags = { seed: '3', joint: 'true', 'own key': "it's mine", 'mlflow.runName': 'trial 1' };
    assert.deepEqual(data.tags, { ...data.tags, ...tags });
    const [found] = await client.runs.findByTag(experimentId, 'own key', "it's mine");
    assert.equal(found?.info.runId, info.runId);
    assert.deepEqual(await client.runs.findByTag(experimentId, 'own key', 'of another'), []);
  });

  test('a run without a start starts now, not in 1970', async () => {
    const ground = getGround();
    const { experimentId } = await newExperiment(ground);
    const before = Date.now();
    const { info } = await ground.client.runs.create({ experimentId });
    assert.ok(info.startTime >= before && info.startTime <= Date.now());
    assert.notEqual(info.runName, '');
  });

  test('a run ends, goes on, is deleted and restored', async () => {
    const ground = getGround();
    const { client } = ground;
    const { info } = await newRun(ground);
    const { runId } = info;
    await client.runs.update({ runId, status: 'FAILED', endTime: 2000.7, runName: 'new' });
    const { info: ended } = await client.runs.get(runId);
    assert.deepEqual([ended.status, ended.endTime, ended.runName], ['FAILED', 2000, 'new']);
    await client.runs.update({ runId, status: 'RUNNING' });
    assert.equal((await client.runs.get(runId)).info.status, 'RUNNING');
    await client.runs.delete(runId);
    assert.equal((await client.runs.get(runId)).info.lifecycleStage, 'deleted');
    await assert.rejects(client.runs.logParam(runId, 'a', 1), ({ hint }: { hint: string }) =>
      /was deleted there/.test(hint),
    );
    await client.runs.restore(runId);
    await client.runs.logParam(runId, 'a', 1);
    await assert.rejects(client.runs.get('0'.repeat(32)), ground.isMissing);
    // The server would answer 200 and leave it as it is.
    const unknown = client.runs.update({ runId, status: 'DONE' as 'FINISHED' });
    await assert.rejects(unknown, /the status must be RUNNING, .* got "DONE"/);
  });

  test('a search pages through all runs that match, and nothing is an empty answer', async () => {
    const ground = getGround();
    const { client } = ground;
    const { experimentId } = await newExperiment(ground);
    const search = { experimentIds: [experimentId], maxResults: 2 };
    assert.deepEqual(await collect(client.runs.search(search)), []);
    for (let index = 0; index < 5; index++) {
      const { info } = await client.runs.create({ experimentId, startTime: 1000 + index });
      const metrics = [{ key: 'validation/loss', value: index / 4 }];
      await client.runs.logBatch({ runId: info.runId, metrics, params: { index } });
    }
    const key = filterKey('metrics', 'validation/loss');
    const order = { orderBy: [`${key} DESC`] };
    const losses = async (filter?: string) => {
      const found = await collect(client.runs.search({ ...search, ...order, filter }));
      return found.map(({ data }) => data.metrics['validation/loss']?.value);
    };
    assert.deepEqual(await losses(), [1, 0.75, 0.5, 0.25, 0]);
    assert.deepEqual(await losses(`${key} < 0.6 AND params.index != '0'`), [0.5, 0.25]);
    await assert.rejects(losses('params.index > 1'), withCode('INVALID_PARAMETER_VALUE'));
  });

  test('a long name is cut to what every database takes', async () => {
    const ground = getGround();
    const { experimentId } = await newExperiment(ground);
    const runName = 'n'.repeat(300);
    const tags = { note: 'x'.repeat(8001) };
    const { info } = await ground.client.runs.create({ experimentId, runName, tags });
    const { data } = await ground.client.runs.get(info.runId);
    assert.deepEqual([info.runName.length, data.tags.note?.length], [250, 8000]);
    assert.ok(ground.told.includes('MLflow keeps 8000 of the 8001 characters of the tag "note"'));
  });
}
