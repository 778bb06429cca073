/** @file What is logged to runs, against a real server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyProblem } from '../../../src/mlflow-client-ts/index.ts';
import { refused, taken } from '../key-samples.ts';
import { collect, type GetGround, newRun, postRaw, withCode } from './ground.ts';

export function testLogging(getGround: GetGround): void {
  test('a batch of any size arrives, each thing once', async () => {
    const ground = getGround();
    const { client } = ground;
    const { runId } = (await newRun(ground)).info;
    const texts = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index]));
    const metrics = Array.from({ length: 2300 }, (_, step) => ({
      key: step % 2 ? 'train/loss' : 'validation/loss',
      value: 1 / (step + 1),
      step,
      timestamp: 5000 + step,
    }));
    const log = { runId, metrics, params: texts(150), tags: texts(120) };
    await client.runs.logBatch(log);
    await client.runs.logBatch(log); // As after a lost answer: nothing is doubled.
    const { data } = await client.runs.get(runId);
    assert.equal(Object.keys(data.params).length, 150);
    assert.equal(data.tags.k119, '119');
    const history = await collect(client.runs.metricHistory(runId, 'train/loss'));
    assert.deepEqual(
      history,
      metrics.filter(({ key }) => key === 'train/loss'),
    );
    assert.equal((await collect(client.runs.metricHistory(runId, 'none'))).length, 0);
  });

  test('values that are no numbers come back as they were', async () => {
    const ground = getGround();
    const { client } = ground;
    const { runId } = (await newRun(ground)).info;
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0.5, 1e-300];
    const metrics = values.map((value, step) => ({ key: `m${step}`, value, step, timestamp: 7 }));
    await client.runs.logBatch({ runId, metrics });
    const { data } = await client.runs.get(runId);
    assert.deepEqual(
      metrics.map(({ key }) => data.metrics[key]),
      metrics,
    );
    for (const metric of metrics)
      assert.deepEqual(await collect(client.runs.metricHistory(runId, metric.key)), [metric]);
  });

  test('a parameter keeps its value, a tag takes another one and goes', async () => {
    const ground = getGround();
    const { client } = ground;
    const { runId } = (await newRun(ground)).info;
    await client.runs.logParam(runId, 'rate', 0.1);
    await client.runs.logParam(runId, 'rate', '0.1');
    await assert.rejects(
      client.runs.logParam(runId, 'rate', 0.2),
      ({ code, hint }: { code: string; hint: string }) =>
        code === 'INVALID_PARAMETER_VALUE' && /keeps its first value/.test(hint),
    );
    await client.runs.setTag(runId, 'phase', 'first');
    await client.runs.setTag(runId, 'phase', 'second');
    await client.runs.logParam(runId, 'empty', '');
    const { data } = await client.runs.get(runId);
    assert.deepEqual([data.params, data.tags.phase], [{ rate: '0.1', empty: '' }, 'second']);
    await client.runs.deleteTag(runId, 'phase');
    assert.equal((await client.runs.get(runId)).data.tags.phase, undefined);
    await assert.rejects(
      client.runs.deleteTag(runId, 'phase'),
      withCode('RESOURCE_DOES_NOT_EXIST'),
    );
  });

  test('a text is cut where the server would cut it, and signs that it cannot read are replaced', async () => {
    const ground = getGround();
    const { client } = ground;
    const { runId } = (await newRun(ground)).info;
    const long = '😀'.repeat(8001);
    const params = { long, half: 'x\ud800y', zero: 'x\0y', after: 'still there' };
    await client.runs.logBatch({ runId, params, tags: { long } });
    const { data } = await client.runs.get(runId);
    assert.equal(data.params.long, '😀'.repeat(6000));
    assert.equal(data.tags.long, '😀'.repeat(8000));
    assert.deepEqual(
      [data.params.half, data.params.zero, data.params.after],
      ['x\uFFFDy', 'x\uFFFDy', 'still there'],
    );
    const line = 'MLflow keeps 6000 of the 8001 characters of the param "long"';
    assert.equal(ground.told.filter((each) => each === line).length, 1);
  });

  test('the server judges keys as the client does', async () => {
    const ground = getGround();
    const { runId } = (await newRun(ground)).info;
    const logged = (key: string) =>
      postRaw(
        ground,
        '/runs/log-batch',
        JSON.stringify({ run_id: runId, metrics: [{ key, value: 1, timestamp: 1, step: 0 }] }),
      );
    for (const key of taken) {
      assert.equal(keyProblem(key), undefined);
      assert.equal((await logged(key)).status, 200, key);
    }
    for (const key of refused) assert.equal((await logged(key)).status, 400, key);
  });

  test('data that a run read is logged once, with what it was for', async () => {
    const ground = getGround();
    const { client } = ground;
    const { runId } = (await newRun(ground)).info;
    const dataset = {
      name: 'hospital.csv',
      digest: 'abc-training',
      sourceType: 'local',
      source: '{"uri":"hospital.csv"}',
      schema: '{"mlflow_colspec":[{"type":"double","name":"age","required":true}]}',
      profile: '{"num_rows":1000}',
    };
    const tags = { 'mlflow.data.context': 'training' };
    await client.runs.logInputs({ runId, datasets: [{ ...dataset, tags }] });
    await client.runs.logInputs({ runId, datasets: [{ ...dataset, tags }] });
    assert.deepEqual((await client.runs.get(runId)).inputs, [{ dataset, tags }]);
  });

  test('the histories of several runs come sampled', async () => {
    const ground = getGround();
    const { client } = ground;
    const runs = [await newRun(ground), await newRun(ground)];
    for (const { info } of runs) {
      const metrics = Array.from({ length: 50 }, (_, step) => ({ key: 'a', value: step, step }));
      await client.runs.logBatch({ runId: info.runId, metrics });
    }
    const runIds = runs.map(({ info }) => info.runId);
    const points = await client.runs.sampledHistory({ runIds, key: 'a', count: 10 });
    assert.deepEqual(new Set(points.map(({ runId }) => runId)), new Set(runIds));
    assert.ok(points.length >= 20 && points.length < 50);
  });
}
