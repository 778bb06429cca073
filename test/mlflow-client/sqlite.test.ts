import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createMlflowClient, MlflowError } from '../../src/mlflow-client-ts/index.ts';
import { type FaultProxy, startProxy } from '../mlflow/proxy.ts';
import { startServer, type TestServer } from '../mlflow/server.ts';
import { testFaults } from './contract/faults.ts';
import { createGround, type Ground, testClient } from './contract/index.ts';
import { testLostAnswers } from './contract/lost-answers.ts';
import { testPackage } from './contract/package.ts';

let server: TestServer;
let proxy: FaultProxy;
let ground: Ground;
let behindProxy: Ground;

before(async () => {
  server = await startServer();
  proxy = await startProxy(server.uri);
  ground = createGround(server.uri);
  behindProxy = createGround(proxy.uri);
});
after(async () => {
  await ground.client.close();
  await behindProxy.client.close();
  await proxy.stop();
  await server.stop();
});

testClient(() => ground);
testLostAnswers(() => ({ ...behindProxy, proxy }));
testFaults(() => ({ ...behindProxy, proxy }));
testPackage(() => ground);

test('the server says what it is', async () => {
  const { client } = ground;
  assert.equal(await client.server.health(), true);
  assert.match(await client.server.version(), /^3\.\d+\.\d+$/);
  const { storeType, hasWorkspaces, all } = await client.server.info();
  assert.deepEqual([storeType, hasWorkspaces], ['SqlStore', false]);
  assert.equal(all.store_type, 'SqlStore');
});

test('a host that the server does not know itself by is told what to do', async () => {
  const headers = { Host: 'mlflow:5000' };
  const client = createMlflowClient({ uri: server.uri, env: {}, headers });
  assert.equal(await client.server.health(), true); // It lets this one through.
  await assert.rejects(
    client.experiments.getByName('x'),
    (error) =>
      error instanceof MlflowError &&
      error.status === 403 &&
      !error.isRetryable &&
      /--allowed-hosts/.test(error.hint ?? ''),
  );
  await client.close();
});

test('a token goes with every request, also to what Databricks’ variables name', async () => {
  const places = [
    { MLFLOW_TRACKING_URI: proxy.uri, MLFLOW_TRACKING_TOKEN: 'abc' },
    {
      ...{ MLFLOW_TRACKING_URI: 'databricks', DATABRICKS_HOST: proxy.uri, DATABRICKS_TOKEN: 'abc' },
    },
  ];
  for (const env of places) {
    proxy.clear();
    const client = createMlflowClient({ env: { HOME: '/nonexistent', ...env } });
    const { experimentId } = await client.experiments.getOrCreate('by token');
    const { info } = await client.runs.create({ experimentId });
    await client.runs.logBatch({ runId: info.runId, metrics: [{ key: 'a', value: 1 }] });
    await client.artifacts.upload(info.artifactUri, 'a.txt', 'x');
    await client.close();
    const headers = proxy.requests.map(({ headers: { authorization } }) => authorization);
    assert.ok(headers.length >= 4);
    assert.deepEqual(new Set(headers), new Set(['Bearer abc']));
  }
});

test('a server that is killed and started again in the middle loses nothing', async () => {
  const { client } = createGround(server.uri);
  const { experiments, runs } = client;
  const { experimentId } = await experiments.getOrCreate('killed');
  const { runId } = (await runs.create({ experimentId })).info;
  const points = Array.from({ length: 30 }, (_, step) => ({ key: 'a', value: step, step }));
  const log = async () => {
    for (const point of points) await patiently(() => runs.logMetric(runId, point));
  };
  const killing = async () => {
    await server.kill();
    await server.restart();
  };
  await Promise.all([log(), killing()]);
  const history: number[] = [];
  for await (const { value } of runs.metricHistory(runId, 'a')) history.push(value);
  assert.deepEqual(
    history,
    points.map(({ value }) => value),
  );
  await client.close();
});

/** As a program that has nothing better to do than to wait for its server. */
async function patiently(call: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!Object(error).isRetryable) throw error;
    }
  }
}
