import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createMlflowClient, type MlflowClient } from '../../src/mlflow-client-ts/index.ts';
import { mlflowRunIds } from '../../src/track/run-ids.ts';
import { smallExperiment, smallSpec, start } from '../end-to-end/small-experiment.ts';
import { startServer, type TestServer } from '../mlflow/server.ts';

let server: TestServer;
let client: MlflowClient;
before(async () => {
  server = await startServer();
  client = createMlflowClient({ uri: server.uri, env: {} });
});
after(async () => {
  await client.close();
  await server.stop();
});

test('the best model becomes a version of the registered model that the spec names, once', async () => {
  const tracking = `tracking: { mlflow: { uri: '\${env:MLFLOW_TRACKING_URI}', registeredModel: "nurse's choice" } }\n`;
  const folder = smallExperiment(smallSpec + tracking);
  const env = { MLFLOW_TRACKING_URI: server.uri };
  for (const args of [['small.yaml'], ['sync'], ['small.yaml']]) {
    const { status, stderr } = await start(folder, args, env).finished;
    assert.equal(status, 0, stderr);
  }
  const champion = await client.registry.getVersionByAlias("nurse's choice", 'champion');
  assert.ok(champion);
  assert.equal(champion.version, '1');
  assert.match(champion.description, /validation/);
  assert.deepEqual(Object.keys(champion.tags).sort(), [
    ...['choice', 'experiment', 'run-experiment.key', 'trial'],
  ]);
  const { description } = await client.registry.getModel("nurse's choice");
  assert.equal(description, 'Does illness help to predict the length of a stay?');
  const versions: string[] = [];
  for await (const { version } of client.registry.searchVersions({})) versions.push(version);
  assert.deepEqual(versions, ['1']);
  const { stdout } = await start(folder, ['results', '--json'], env).finished;
  const joint = JSON.parse(stdout).trials.filter(
    ({ control }: { control: unknown }) => control === null,
  );
  const ids = mlflowRunIds(`${folder}/runs/small`);
  const runIds = joint.map(({ number }: { number: number }) => ids.get(number));
  assert.ok(runIds.includes(champion.runId));
  const model = await client.models.get(champion.source.replace('models:/', ''));
  assert.equal(model.info.status, 'LOGGED_MODEL_READY');
  assert.ok(model.metrics.some(({ key }) => key === 'best/test/ill/auc'));
  const chunks: Buffer[] = [];
  for await (const chunk of await client.artifacts.download(model.info.artifactUri, 'MLmodel'))
    chunks.push(Buffer.from(chunk));
  const mlmodel = Buffer.concat(chunks).toString();
  assert.match(mlmodel, /tfjs:\n\s+model_data: model.json\n\s+tfjs_version: 4.22.0/);
  assert.match(
    mlmodel,
    /"name":"ill","type":"tensor","tensor-spec":\{"dtype":"float32","shape":\[-1,1\]\}/,
  );
});
