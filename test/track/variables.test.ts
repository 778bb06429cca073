import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createMlflowClient, type MlflowClient } from '../../src/mlflow-client-ts/index.ts';
import { openJournal, runPaths } from '../../src/record/index.ts';
import { mlflowRunIds } from '../../src/track/run-ids.ts';
import { sendRun } from '../../src/track/send-run.ts';
import { localTarget } from '../../src/track/target.ts';
import { smallExperiment, smallSpec, start } from '../end-to-end/small-experiment.ts';
import { startServer, type TestServer } from '../mlflow/server.ts';
import { madeNanRun, madeRecords } from './made-run.ts';

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

const small = () => smallExperiment(smallSpec.replace('[0.003, 0.03]', '[0.03]'));

test('MLFLOW_EXPERIMENT_ID and MLFLOW_RUN_ID name the experiment and the sweep’s own run', async () => {
  const experimentId = await client.experiments.create('by number');
  const { info } = await client.runs.create({ experimentId, startTime: 1, runName: 'mine' });
  const named = { MLFLOW_EXPERIMENT_ID: experimentId, MLFLOW_RUN_ID: info.runId };
  const env = { MLFLOW_TRACKING_URI: server.uri, ...named };
  const folder = small();
  const { status, stderr } = await start(folder, ['small.yaml'], env).finished;
  assert.equal(status, 0, stderr);
  assert.match(stderr, /6 of 6 trials are there/);
  const sweep = await client.runs.get(info.runId);
  assert.equal(sweep.info.status, 'FINISHED');
  assert.equal(sweep.data.metrics['trials/finished']?.value, 6);
  const children: string[] = [];
  const filter = `tags.\`mlflow.parentRunId\` = '${info.runId}'`;
  for await (const run of client.runs.search({ experimentIds: [experimentId], filter }))
    children.push(run.info.runId);
  const { 0: parent, ...trials } = Object.fromEntries(mlflowRunIds(join(folder, 'runs', 'small')));
  assert.equal(parent, info.runId);
  assert.deepEqual(children.sort(), Object.values(trials).sort());
});

test('MLFLOW_RUN_ID alone brings its experiment along', async () => {
  const experimentId = await client.experiments.create('of the run');
  const { info } = await client.runs.create({ experimentId, startTime: 1 });
  const env = { MLFLOW_TRACKING_URI: server.uri, MLFLOW_RUN_ID: info.runId };
  const folder = small();
  const { status, stderr } = await start(folder, ['small.yaml'], env).finished;
  assert.equal(status, 0, stderr);
  assert.match(stderr, new RegExp(`6 of 6 trials are there: .*/experiments/${experimentId}/runs`));
  let count = 0;
  const filter = `tags.\`mlflow.parentRunId\` = '${info.runId}'`;
  for await (const _ of client.runs.search({ experimentIds: [experimentId], filter })) count += 1;
  assert.equal(count, 6);
  assert.equal(await client.experiments.getByName('small'), null);
});

test('a number and a name of different experiments are told, and nothing is sent', async () => {
  const experimentId = await client.experiments.create('one of them');
  const env = {
    MLFLOW_TRACKING_URI: server.uri,
    ...{ MLFLOW_EXPERIMENT_ID: experimentId, MLFLOW_EXPERIMENT_NAME: 'another' },
  };
  const { status, stderr } = await start(small(), ['small.yaml'], env).finished;
  assert.equal(status, 0, stderr);
  assert.match(stderr, /is called "one of them" there, not "another"/);
  for await (const run of client.runs.search({ experimentIds: [experimentId] }))
    assert.fail(`run ${run.info.runId} was made`);
});

test('a metric that ends in NaN is named by a tag, and its last number is to be seen', async () => {
  const { folder, records } = madeNanRun('nan');
  const target = localTarget('nan', server.uri);
  const signal = new AbortController().signal;
  const sent = await sendRun({ folder, target, env: {}, signal, say: () => {} });
  assert.ok(sent.ok && sent.progress.isOver);
  const { data } = await client.runs.get(mlflowRunIds(folder).get(1) ?? '');
  assert.ok(Number.isNaN(data.metrics['validation/stay/mae']?.value));
  const before = records.find((record) => record.type === 'epoch' && record.epoch === 2);
  const expected = before?.type === 'epoch' ? before.metrics['validation/stay/mae'] : undefined;
  assert.equal(data.metrics['validation/stay/mae/last_finite']?.value, expected);
  assert.equal(data.tags.nan, 'validation/stay/mae');
});

const layers = [{ dense: { units: 8, activation: 'relu' } }, { dropout: 0.123456789 }];
const inWords = '[dense(units 8, activation relu), dropout 0.123456789]';

/** A run whose trials have this value of `shared.layers`; its first line is always the same. */
function runWith(experiment: string, value: unknown): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'block-')), experiment);
  mkdirSync(folder);
  using journal = openJournal(runPaths(folder).journal);
  for (const record of madeRecords({ experiment, trials: 2, epochs: 1 }))
    journal.append(
      record.type === 'trial' ? { ...record, parameters: { 'shared.layers': value } } : record,
    );
  return folder;
}

async function sendAll(folder: string, experiment: string): Promise<string> {
  const target = localTarget(experiment, server.uri);
  const signal = new AbortController().signal;
  const sent = await sendRun({ folder, target, env: {}, signal, say: () => {} });
  assert.ok(sent.ok && sent.progress.isOver, JSON.stringify(sent));
  assert.deepEqual(sent.progress.refused, []);
  return mlflowRunIds(folder).get(1) ?? '';
}

test('a swept block is a parameter in the words of the table, with every digit', async () => {
  const runId = await sendAll(runWith('block', layers), 'block');
  const { data } = await client.runs.get(runId);
  assert.deepEqual(data.params, { 'shared.layers': inWords });
  assert.equal(data.tags.choice, `joint: layers ${inWords}`);
});

test('parameters that another version sent in other words stay, and nothing is refused', async () => {
  // As it was sent before 0.4, and then by a process that knows of nothing that was sent.
  const json = JSON.stringify(layers);
  const before = await sendAll(runWith('older', json), 'older');
  const after = await sendAll(runWith('older', layers), 'older');
  assert.equal(after, before);
  assert.deepEqual((await client.runs.get(after)).data.params, { 'shared.layers': json });
});
