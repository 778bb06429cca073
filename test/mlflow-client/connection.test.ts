import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connectionOf } from '../../src/mlflow-client-ts/connection.ts';
import { createMlflowClient, MlflowError } from '../../src/mlflow-client-ts/index.ts';

const home = mkdtempSync(join(tmpdir(), 'mlflow-client-'));
after(() => rmSync(home, { recursive: true }));
const nobody = { HOME: join(home, 'nobody') };
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

const headersOf = (env: Record<string, string>, uri = 'http://host') =>
  connectionOf(uri, { ...nobody, ...env }).headers;

test('the address is the one given, then the one of the environment, then the usual one', () => {
  const env = { ...nobody, MLFLOW_TRACKING_URI: 'http://env:1' };
  assert.equal(connectionOf('http://given:2', env).uri, 'http://given:2');
  assert.equal(connectionOf(undefined, env).uri, 'http://env:1');
  assert.equal(connectionOf(undefined, nobody).uri, 'http://127.0.0.1:5000');
  assert.equal(
    connectionOf('', { ...nobody, MLFLOW_TRACKING_URI: '' }).uri,
    'http://127.0.0.1:5000',
  );
});

test('a path before the API is kept, a slash at its end is not', () => {
  assert.equal(connectionOf('https://host/ml/flow/', nobody).uri, 'https://host/ml/flow');
  assert.equal(connectionOf('https://host/', nobody).uri, 'https://host');
});

test('credentials in the address are used and never shown', () => {
  const { uri, headers } = connectionOf('https://me%40home:p%3Aw@host:8/x', {
    ...nobody,
    MLFLOW_TRACKING_TOKEN: 'other',
  });
  assert.equal(uri, 'https://host:8/x');
  assert.equal(headers.authorization, basic('me@home:p:w'));
  assert.equal(connectionOf('http://a:100%@host', nobody).headers.authorization, basic('a:100%'));
});

test('Basic wins over a token, and both over nothing', () => {
  const user = { MLFLOW_TRACKING_USERNAME: 'me', MLFLOW_TRACKING_PASSWORD: 'pw' };
  const token = { MLFLOW_TRACKING_TOKEN: 'abc' };
  assert.equal(headersOf({ ...user, ...token }).authorization, basic('me:pw'));
  assert.equal(headersOf(token).authorization, 'Bearer abc');
  assert.equal(headersOf({ MLFLOW_TRACKING_USERNAME: 'me', ...token }).authorization, 'Bearer abc');
  assert.deepEqual(headersOf({}), {});
});

test("the credentials file is the last resort, and the environment's words replace its own", () => {
  mkdirSync(join(home, '.mlflow'));
  const file = '# mine\n[other]\nx = y\n[mlflow]\nmlflow_tracking_username = filed\n';
  writeFileSync(join(home, '.mlflow', 'credentials'), `${file}MLFLOW_TRACKING_PASSWORD: a=b:c\n`);
  assert.equal(headersOf({ HOME: home }).authorization, basic('filed:a=b:c'));
  const env = { HOME: home, MLFLOW_TRACKING_PASSWORD: 'new' };
  assert.equal(headersOf(env).authorization, basic('filed:new'));
});

test('a workspace has its header', () => {
  assert.deepEqual(headersOf({ MLFLOW_WORKSPACE: 'team' }), { 'x-mlflow-workspace': 'team' });
});

test('an address without a server behind it says what to do, and nothing of what it holds', () => {
  const addresses = [
    'sqlite:///mlflow.db',
    'postgresql://me:secret@host/db',
    'mysql+pymysql://me:sec/ret@host/db?password=secret',
    'file:///home/secret/mlruns',
    './secret/mlruns',
    '/secret/mlruns',
    'localhost:5000',
    'databricks-uc',
  ];
  for (const address of addresses)
    assert.throws(
      () => createMlflowClient({ uri: address, env: nobody }),
      (error) => {
        assert.ok(error instanceof MlflowError, address);
        assert.equal(error.code, 'INVALID_ARGUMENT');
        assert.match(error.hint ?? '', /mlflow server --backend-store-uri|http:\/\//);
        assert.doesNotMatch(`${error.message} ${error.hint}`, /secret|ret@/);
        return true;
      },
    );
});

test('Databricks is reached by its variables or by a profile of the user', () => {
  writeFileSync(
    join(home, '.databrickscfg'),
    '[DEFAULT]\nhost = https://one.example/\ntoken = t1\n\n[work]\nhost = two.example\ntoken = t2\n',
  );
  const env = { HOME: home, MLFLOW_WORKSPACE: 'team' };
  const place = (uri: string, more: Record<string, string> = {}) => {
    const { uri: at, headers } = connectionOf(uri, { ...env, ...more });
    return [at, headers];
  };
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  assert.deepEqual(place('databricks'), ['https://one.example', bearer('t1')]);
  assert.deepEqual(place('databricks://work'), ['https://two.example', bearer('t2')]);
  const variables = { DATABRICKS_HOST: 'https://three.example', DATABRICKS_TOKEN: 't3' };
  assert.deepEqual(place('databricks', variables), ['https://three.example', bearer('t3')]);
  assert.deepEqual(place('databricks://work', variables), ['https://two.example', bearer('t2')]);
  assert.deepEqual(place('databricks', { DATABRICKS_CONFIG_PROFILE: 'work' }), [
    'https://two.example',
    bearer('t2'),
  ]);
  assert.throws(() => place('databricks://none'), /no host is known for it/);
});

test('certificates are read where they are named, or it is said that they cannot be', () => {
  const path = join(home, 'ca.pem');
  writeFileSync(path, 'PEM');
  const tls = (env: Record<string, string>) =>
    connectionOf('https://host', { ...nobody, ...env }).tls;
  assert.deepEqual(tls({}), {});
  assert.deepEqual(tls({ MLFLOW_TRACKING_SERVER_CERT_PATH: path }), { ca: 'PEM' });
  assert.deepEqual(tls({ MLFLOW_TRACKING_CLIENT_CERT_PATH: path }), { cert: 'PEM', key: 'PEM' });
  assert.deepEqual(tls({ MLFLOW_TRACKING_INSECURE_TLS: 'true' }), { rejectUnauthorized: false });
  assert.throws(
    () => tls({ MLFLOW_TRACKING_SERVER_CERT_PATH: join(home, 'none.pem') }),
    /MLFLOW_TRACKING_SERVER_CERT_PATH names .*none\.pem, which cannot be read \(ENOENT\)/,
  );
  assert.throws(
    () => tls({ MLFLOW_TRACKING_INSECURE_TLS: '1', MLFLOW_TRACKING_SERVER_CERT_PATH: path }),
    /exclude each other/,
  );
});

test('a way in that is not supported is told', () => {
  const told: string[] = [];
  const env = { ...nobody, MLFLOW_TRACKING_AWS_SIGV4: 'true', MLFLOW_TRACKING_AUTH: 'x' };
  createMlflowClient({ uri: 'http://host', env, onWarning: (line) => told.push(line) });
  assert.deepEqual(told, [
    'MLFLOW_TRACKING_AWS_SIGV4 is not supported: requests are sent without it',
    'MLFLOW_TRACKING_AUTH is not supported: requests are sent without it',
  ]);
});
