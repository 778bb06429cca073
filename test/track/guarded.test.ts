import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createMlflowClient, type MlflowClient } from '../../src/mlflow-client-ts/index.ts';
import { smallExperiment, smallSpec, start } from '../end-to-end/small-experiment.ts';
import { readBack } from '../mlflow/read-back.ts';
import { startServer, type TestServer } from '../mlflow/server.ts';
import { startTlsFront, type TlsFront } from '../mlflow/tls-front.ts';
import {
  type Certificates,
  makeCertificates,
  opensslReason,
} from '../mlflow-client/certificates.ts';

const password = 'known to the head alone';

/** One choice, two replicates, two controls: six trials, into an experiment of this name. */
const experiment = (name: string): string =>
  smallExperiment(
    `${smallSpec.replace('[0.003, 0.03]', '[0.03]')}tracking: { mlflow: { experiment: '${name}' } }\n`,
  );

describe('behind TLS, a path and a log-in', { skip: opensslReason ?? false }, () => {
  let certificates: Certificates;
  let server: TestServer;
  let front: TlsFront;
  let client: MlflowClient;
  /** All that a user has to say. */
  let variables: Readonly<Record<string, string>>;
  before(async () => {
    certificates = makeCertificates();
    server = await startServer({ admin: { user: 'head', password }, prefix: '/tools/mlflow' });
    front = await startTlsFront(server.uri, certificates.server);
    variables = {
      MLFLOW_TRACKING_URI: `${front.uri}/tools/mlflow/`,
      MLFLOW_TRACKING_SERVER_CERT_PATH: certificates.authority,
      MLFLOW_TRACKING_CLIENT_CERT_PATH: certificates.client,
      MLFLOW_TRACKING_USERNAME: 'head',
    };
    client = createMlflowClient({ env: { ...variables, MLFLOW_TRACKING_PASSWORD: password } });
  });
  after(async () => {
    await client.close();
    await front.stop();
    await server.stop();
    certificates[Symbol.dispose]();
  });

  test('a run is there when it ends, by the variables alone', async () => {
    const folder = experiment('guarded');
    const env = { ...variables, MLFLOW_TRACKING_PASSWORD: password };
    const { status, stderr } = await start(folder, ['small.yaml'], env).finished;
    assert.equal(status, 0, stderr);
    const link = /6 of 6 trials are there: (\S+)/.exec(stderr)?.[1] ?? stderr;
    assert.ok(link.startsWith(`${front.uri}/tools/mlflow/#/experiments/`), link);
    assert.equal(((await readBack(client, 'guarded')).runs as unknown[]).length, 7);
  });

  test('a wrong password holds up no trial, and sync sends all once there is a right one', async () => {
    const folder = experiment('locked out');
    const wrong = { ...variables, MLFLOW_TRACKING_PASSWORD: 'guessed' };
    const trained = await start(folder, ['small.yaml'], wrong).finished;
    assert.equal(trained.status, 0, trained.stderr);
    assert.match(trained.stderr, /MLflow: .* 401 .*Set MLFLOW_TRACKING_USERNAME and/);
    const refused = await start(folder, ['sync'], wrong).finished;
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /0 of 6 trials are there; .* 401 /);
    const untrusted = { ...wrong, MLFLOW_TRACKING_SERVER_CERT_PATH: '' };
    const stranger = await start(folder, ['sync'], untrusted).finished;
    assert.match(stranger.stderr, /MLFLOW_TRACKING_SERVER_CERT_PATH names the authority/);
    // This time by the file that MLflow's own client reads.
    mkdirSync(join(folder, '.mlflow'));
    const lines = ['[mlflow]', 'mlflow_tracking_username = head'];
    const file = [...lines, `mlflow_tracking_password = ${password}`].join('\n');
    writeFileSync(join(folder, '.mlflow', 'credentials'), file);
    const env = { ...variables, MLFLOW_TRACKING_USERNAME: '', HOME: folder };
    const synced = await start(folder, ['sync'], env).finished;
    assert.equal(synced.status, 0, synced.stderr);
    assert.match(synced.stdout, /6 of 6 trials are there/);
    const there = await readBack(client, 'locked out');
    assert.equal((there.runs as unknown[]).length, 7);
    await start(folder, ['sync'], env).finished;
    assert.deepEqual(await readBack(client, 'locked out'), there);
    for (const { name, parentPath } of filesIn(join(folder, 'runs')))
      assert.ok(!readFileSync(join(parentPath, name)).includes(password), name);
  });

  test('what the environment asks in vain is said in one line', async () => {
    const folder = experiment('in vain');
    const cases = {
      MLFLOW_TRACKING_SERVER_CERT_PATH: /names \/none\.pem, which cannot be read \(ENOENT\)/,
      MLFLOW_HTTP_REQUEST_TIMEOUT: /MLFLOW_HTTP_REQUEST_TIMEOUT must be a number/,
    };
    for (const [name, expected] of Object.entries(cases)) {
      const env = { ...variables, [name]: '/none.pem' };
      const trained = await start(folder, ['small.yaml'], env).finished;
      assert.equal(trained.status, 0, trained.stderr);
      assert.match(trained.stderr, expected);
      const { status, stderr } = await start(folder, ['sync'], env).finished;
      assert.equal(status, 1);
      assert.match(stderr, expected);
      assert.doesNotMatch(stderr, /\n {4}at /);
    }
    const env = { MLFLOW_TRACKING_URI: 'databricks', HOME: '/nonexistent' };
    const { stderr } = await start(folder, ['sync'], env).finished;
    assert.match(stderr, /no host is known for it\. Set DATABRICKS_HOST and DATABRICKS_TOKEN/);
  });
});

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
