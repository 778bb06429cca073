import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trackingTarget } from '../../src/track/target.ts';

const target = (...given: Parameters<typeof trackingTarget>) => {
  const found = trackingTarget(...given);
  assert.ok(found?.ok);
  return found.target;
};
const server = 'http://127.0.0.1:5000';

test('no server is named: there is no target', () => {
  assert.equal(trackingTarget('hospital', {}, {}), null);
  assert.equal(trackingTarget('hospital', { uri: '' }, { MLFLOW_TRACKING_URI: '' }), null);
});

test('what the spec says comes before the variables', () => {
  const env = { MLFLOW_TRACKING_URI: 'http://other:1', MLFLOW_EXPERIMENT_NAME: 'theirs' };
  assert.equal(target('hospital', { uri: server }, env).uri, server);
  assert.deepEqual(target('hospital', { uri: server }, env).experiment, { name: 'theirs' });
  assert.deepEqual(target('hospital', { experiment: 'ours' }, env).experiment, { name: 'ours' });
  assert.equal(target('hospital', {}, env).uri, 'http://other:1');
});

test('the experiment has the name of the spec’s unless another one is named, or its number', () => {
  assert.deepEqual(target('hospital', { uri: server }, {}).experiment, { name: 'hospital' });
  const env = { MLFLOW_EXPERIMENT_ID: '7' };
  assert.deepEqual(target('hospital', { uri: server }, env).experiment, { id: '7' });
  const both = { ...env, MLFLOW_EXPERIMENT_NAME: 'wards' };
  const expected = { id: '7', name: 'wards' };
  assert.deepEqual(target('hospital', { uri: server }, both).experiment, expected);
});

test('references that a journal keeps are read from today’s environment', () => {
  const env = { SERVER: 'http://10.0.0.2:5000' };
  assert.equal(target('x', { uri: '${env:SERVER}' }, env).uri, 'http://10.0.0.2:5000');
  assert.equal(target('x', { uri: `\${env:NONE,${server}}` }, env).uri, server);
  assert.equal(trackingTarget('x', { uri: '${env:NONE}' }, env), null);
});

test('an address without a server says what to do, and tells no password', () => {
  for (const uri of ['sqlite:///mlflow.db', './mlruns', 'postgresql://me:secret@host/db']) {
    const found = trackingTarget('x', { uri }, {});
    assert.ok(found && !found.ok);
    assert.match(found.reason, /has no server to talk to.*run-experiment ui/);
    assert.doesNotMatch(found.reason, /secret/);
  }
});

test('a host and a port alone want http in front', () => {
  const found = trackingTarget('x', { uri: 'localhost:5000' }, {});
  assert.ok(found && !found.ok);
  assert.match(found.reason, /expected http.*, http:\/\/localhost:5000$/);
});

test('credentials and a last slash do not make another cursor; an experiment or a workspace does', () => {
  const one = target('x', { uri: 'https://me:secret@host/mlflow/' }, {}).cursor;
  assert.equal(target('x', { uri: 'https://host/mlflow' }, {}).cursor, one);
  assert.notEqual(target('y', { uri: 'https://host/mlflow' }, {}).cursor, one);
  const env = { MLFLOW_WORKSPACE: 'ward' };
  assert.notEqual(target('x', { uri: 'https://host/mlflow' }, env).cursor, one);
});

test('a run that is named brings its experiment along, which has to be that of the spec', () => {
  const env = { MLFLOW_RUN_ID: 'abc', MLFLOW_EXPERIMENT_ID: '7', MLFLOW_EXPERIMENT_NAME: 'wards' };
  assert.deepEqual(target('x', { uri: server }, env).experiment, { runId: 'abc' });
  const named = target('x', { uri: server, experiment: 'ours' }, env).experiment;
  assert.deepEqual(named, { runId: 'abc', name: 'ours' });
});

test('Databricks is a server', () => {
  assert.equal(target('x', { uri: 'databricks://prod' }, {}).uri, 'databricks://prod');
});
