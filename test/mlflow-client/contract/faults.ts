/** @file What a server does on its bad days, made by a proxy before a real one. */
import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { createMlflowClient, MlflowError } from '../../../src/mlflow-client-ts/index.ts';
import type { FaultAction } from '../../mlflow/proxy.ts';
import { collect, newExperiment, newRun } from './ground.ts';
import type { FaultyGround } from './lost-answers.ts';

const json = (status: number, error_code: string, message: string): FaultAction => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ error_code, message }),
});

const pool =
  'QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00 (Background on this error at: https://sqlalche.me/e/21/3o7r)';

const passing: Readonly<Record<string, FaultAction>> = {
  'a reset before anything was heard': { kind: 'reset' },
  'a lost answer': { kind: 'loseAnswer' },
  'an answer that breaks off': { kind: 'breakOff', bytes: 1 },
  'a server that is starting': { kind: 'answer', status: 502, body: '<html>bad gateway' },
  'a rate limit': { kind: 'answer', status: 429, headers: { 'retry-after': '0' } },
  "the pool's 400": json(400, 'BAD_REQUEST', pool),
  'a locked database': json(503, 'TEMPORARILY_UNAVAILABLE', 'database is locked'),
  'a page of HTML with a 500': { kind: 'answer', status: 500, body: '<!doctype html><title>x' },
};

/** Not repeated as often as the others. */
const isDoubtful = (action: FaultAction) => action.kind === 'answer' && action.status === 500;

export function testFaults(getGround: () => FaultyGround): void {
  for (const [what, action] of Object.entries(passing))
    test(`${what} passes by: a run is there once, with all that was logged`, async () => {
      const ground = getGround();
      const { client, proxy } = ground;
      const { experimentId } = await newExperiment(ground);
      const metrics = Array.from({ length: 2001 }, (_, step) => ({ key: 'a', value: step, step }));
      proxy.clear();
      // Each request fails first; the look for a lost run fails as well.
      for (const path of ['runs/create', 'runs/search', 'runs/update'])
        proxy.plan({ path, action });
      for (let batch = 0; batch < 3; batch++)
        proxy.plan({ path: 'log-batch', skip: batch, action });
      const { info } = await client.runs.create({ experimentId, startTime: 5 });
      const { runId } = info;
      await client.runs.logBatch({ runId, metrics, params: { rate: 1 } });
      await client.runs.update({ runId, status: 'FINISHED', endTime: 9 });
      assert.ok(proxy.requests.filter(({ fault }) => fault !== null).length >= 5);
      proxy.clear();
      const [run, ...others] = await collect(client.runs.search({ experimentIds: [experimentId] }));
      assert.equal(others.length, 0);
      assert.deepEqual([run?.info.runId, run?.info.status], [runId, 'FINISHED']);
      assert.deepEqual(run?.data.params, { rate: '1' });
      const history = await collect(client.runs.metricHistory(runId, 'a'));
      assert.deepEqual(
        history.map(({ value }) => value),
        metrics.map(({ value }) => value),
      );
    });

  test('twelve runs through a server that fails at every third request are there once each', async () => {
    const { proxy, client: steady, ...ground } = getGround();
    const { experimentId } = await newExperiment({ ...ground, client: steady });
    const retry = { retries: 20, backoff: 0.004, jitter: 0 };
    const client = createMlflowClient({ uri: proxy.uri, env: {}, retry });
    proxy.clear();
    const actions = Object.values(passing).filter((action) => !isDoubtful(action));
    for (let index = 0; index < 40; index++) {
      const action = actions[index % actions.length];
      if (action) proxy.plan({ skip: (index * 37) % 60, action });
    }
    const trial = async (index: number) => {
      const { info } = await client.runs.create({ experimentId, runName: `trial ${index}` });
      const { runId, artifactUri } = info;
      const metrics = Array.from({ length: 1001 }, (_, step) => ({ key: 'a', value: step, step }));
      await client.runs.logBatch({ runId, metrics, params: { index }, tags: { index } });
      await client.artifacts.upload(artifactUri, 'note.md', `# ${index}`);
      await client.runs.update({ runId, status: 'FINISHED' });
    };
    const numbers = Array.from({ length: 12 }, (_, index) => index);
    await Promise.all(numbers.map(trial));
    const faults = proxy.requests.filter(({ fault }) => fault !== null).length;
    assert.ok(faults >= 25, `${faults} faults among ${proxy.requests.length} requests`);
    proxy.clear();
    const runs = await collect(steady.runs.search({ experimentIds: [experimentId] }));
    const names = runs.map(({ info }) => info.runName).sort();
    assert.deepEqual(names, numbers.map((index) => `trial ${index}`).sort());
    for (const { info, data } of runs) {
      const index = info.runName.slice('trial '.length);
      assert.deepEqual([info.status, data.params, data.tags.index], ['FINISHED', { index }, index]);
      const history = await collect(steady.runs.metricHistory(info.runId, 'a'));
      assert.equal(history.length, 1001);
      assert.equal((await steady.artifacts.list(info.runId)).length, 1);
    }
    await client.close();
  });

  test('a fault that stays is told with its tries, and with the doubt that it leaves', async () => {
    const ground = getGround();
    const { client, proxy } = ground;
    const { runId } = (await newRun(ground)).info;
    proxy.clear();
    proxy.plan({ path: 'log-batch', action: { kind: 'loseAnswer' } });
    proxy.plan({ path: 'log-batch', times: 9, action: { kind: 'answer', status: 429 } });
    await assert.rejects(client.runs.logParam(runId, 'a', 1), (error) => {
      assert.ok(error instanceof MlflowError);
      assert.equal(error.detail, '429 (tried 4 times)');
      assert.deepEqual([error.status, error.isRetryable, error.isUncertain], [429, true, true]);
      return true;
    });
    proxy.clear();
    assert.equal((await client.runs.get(runId)).data.params.a, '1');
  });

  test('a request that is carried out after the look for it makes a second run, which its tag shows', async () => {
    const { proxy, client: patient, ...ground } = getGround();
    const { experimentId } = await newExperiment({ ...ground, client: patient });
    const retry = { retries: 1, backoff: 0, jitter: 0, timeout: 0.2 };
    const client = createMlflowClient({ uri: proxy.uri, env: {}, retry });
    proxy.clear();
    proxy.plan({ path: 'runs/create', action: { kind: 'delay', milliseconds: 2500 } });
    const uniqueTag = { key: 'own', value: 'x' };
    const { info } = await client.runs.create({ experimentId, uniqueTag });
    const found = async () => {
      const runs = await patient.runs.findByTag(experimentId, 'own', 'x');
      return runs.map((run) => run.info.runId);
    };
    assert.deepEqual(await found(), [info.runId]);
    while ((await found()).length < 2) await new Promise((resolve) => setTimeout(resolve, 100));
    await client.close();
  });

  test('a server that is down is waited for', async () => {
    const ground = getGround();
    const { client, proxy } = ground;
    const { runId } = (await newRun(ground)).info;
    await proxy.down();
    const down = {
      code: 'ECONNREFUSED',
      client: createMlflowClient({ uri: proxy.uri, env: {}, retry: { retries: 0 } }),
    };
    await assert.rejects(down.client.runs.get(runId), (error) => {
      assert.ok(error instanceof MlflowError);
      assert.match(error.message, new RegExp(down.code));
      assert.deepEqual([error.isRetryable, error.isUncertain, error.status], [true, false, null]);
      return true;
    });
    const logging = client.runs.logParam(runId, 'a', 1);
    await proxy.up();
    await logging;
    assert.equal((await client.runs.get(runId)).data.params.a, '1');
    await down.client.close();
  });

  test('a download that breaks off is an error of the stream', async () => {
    const ground = getGround();
    const { client, proxy } = ground;
    const { artifactUri } = (await newRun(ground)).info;
    await client.artifacts.upload(artifactUri, 'a', 'x'.repeat(50_000));
    proxy.clear();
    proxy.plan({ method: 'GET', action: { kind: 'breakOff', bytes: 1000 } });
    const stream = await client.artifacts.download(artifactUri, 'a');
    await assert.rejects(buffer(stream), MlflowError);
    assert.equal((await buffer(await client.artifacts.download(artifactUri, 'a'))).length, 50_000);
  });

  test('twenty writers at once are four at the server', async () => {
    const ground = getGround();
    const { client, proxy } = ground;
    const { runId } = (await newRun(ground)).info;
    proxy.clear();
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => client.runs.logParam(runId, `p${index}`, index)),
    );
    assert.equal(proxy.requests.length, 20);
    assert.equal(Math.max(...proxy.requests.map(({ atOnce }) => atOnce)), 4);
    assert.equal(Object.keys((await client.runs.get(runId)).data.params).length, 20);
  });
}
