import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { basicOf } from '../../src/mlflow-client-ts/credentials.ts';
import { createMlflowClient, MlflowError } from '../../src/mlflow-client-ts/index.ts';
import { type Account, startServer, type TestServer } from '../mlflow/server.ts';
import { createGround, type Ground, newRun, postRaw, testClient } from './contract/index.ts';

const admin: Account = { user: 'head', password: 'a long one: 100% safe' };
/** Somebody who may read what others made, and write what is theirs. */
const nurse: Account = { user: 'nurse', password: 'another=long@one' };

const authorizationOf = ({ user, password }: Account) => basicOf(user, password);

let server: TestServer;
let ground: Ground;
let ofAdmin: Ground;
const home = mkdtempSync(join(tmpdir(), 'mlflow-home-'));
before(async () => {
  // Below a path, as behind the gate of a hospital.
  server = await startServer({ admin, prefix: '/tools/mlflow' });
  ofAdmin = createGround(server.uri, authorizationOf(admin));
  const { user: username, password } = nurse;
  const made = await postRaw(ofAdmin, '/users/create', JSON.stringify({ username, password }));
  assert.equal(made.status, 200, made.text);
  ground = {
    ...createGround(server.uri, authorizationOf(nurse)),
    // Whoever is no administrator does not learn what there is.
    isMissing: (error) => error instanceof MlflowError && error.status === 403,
  };
});
after(async () => {
  await ground?.client.close();
  await ofAdmin?.client.close();
  await server?.stop();
  rmSync(home, { recursive: true });
});

testClient(() => ground);

/** Writes something, with what stands in the environment. */
async function write(env: Readonly<Record<string, string>>, uri = server.uri): Promise<void> {
  const client = createMlflowClient({ uri, env: { HOME: '/nonexistent', ...env } });
  try {
    const { experimentId } = await client.experiments.getOrCreate('names');
    await client.runs.create({ experimentId });
  } finally {
    await client.close();
  }
}

const refusedWith = (status: number, hint: RegExp) => (error: unknown) => {
  assert.ok(error instanceof MlflowError);
  assert.deepEqual([error.status, error.isRetryable, error.isUncertain], [status, false, false]);
  assert.match(error.hint ?? '', hint);
  assert.doesNotMatch(`${error.message} ${error.hint}`, /long/);
  return true;
};

test('user and password let us in: from the variables, the address, or the file', async () => {
  const { user, password } = nurse;
  const variables = { MLFLOW_TRACKING_USERNAME: user, MLFLOW_TRACKING_PASSWORD: password };
  await write(variables);
  const address = server.uri.replace('//', `//${user}:${encodeURIComponent(password)}@`);
  await write({}, address);
  mkdirSync(join(home, '.mlflow'));
  const lines = [`mlflow_tracking_username = ${user}`, `mlflow_tracking_password = ${password}`];
  writeFileSync(join(home, '.mlflow', 'credentials'), `[mlflow]\n${lines.join('\n')}\n`);
  await write({ HOME: home });
  // Basic wins where both are there.
  await write({ ...variables, MLFLOW_TRACKING_TOKEN: 'x' });
});

test('nobody and a wrong password are refused at once, with what to do', async () => {
  const wrong = {
    MLFLOW_TRACKING_USERNAME: nurse.user,
    MLFLOW_TRACKING_PASSWORD: 'not a long one',
  };
  const refused = refusedWith(401, /MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD/);
  await assert.rejects(write({}), refused);
  await assert.rejects(write(wrong), refused);
  // It answers whoever asks for its health: that alone says nothing.
  const client = createMlflowClient({ uri: server.uri, env: { HOME: '/nonexistent' } });
  assert.equal(await client.server.health(), true);
  await client.close();
});

test('what belongs to somebody else can be read but not written, and that is said', async () => {
  const { runId, experimentId, artifactUri } = (await newRun(ofAdmin)).info;
  const { client } = ground;
  assert.equal((await client.runs.get(runId)).info.runId, runId);
  const refused = refusedWith(403, /known but not allowed/);
  await assert.rejects(client.runs.create({ experimentId }), refused);
  await assert.rejects(client.runs.logParam(runId, 'a', 1), refused);
  await assert.rejects(client.artifacts.upload(artifactUri, 'a.txt', 'x'), refused);
});
