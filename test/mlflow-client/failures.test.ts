import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutCredentials } from '../../src/mlflow-client-ts/address.ts';
import { errorOf, failureOf, isDoubtful } from '../../src/mlflow-client-ts/failures.ts';

const asked = { request: 'POST /api/2.0/mlflow/runs/create at http://127.0.0.1', isWrite: true };
const answered = (status: number, body: string, headers = {}) =>
  errorOf(asked, status, headers, body);
const json = (error_code: string, message: string) => JSON.stringify({ error_code, message });

test("MLflow's own error is told with its code", () => {
  const error = answered(404, json('RESOURCE_DOES_NOT_EXIST', 'Run with id=x not found'));
  assert.equal(
    error.message,
    `${asked.request}: 404 RESOURCE_DOES_NOT_EXIST Run with id=x not found`,
  );
  assert.equal(error.code, 'RESOURCE_DOES_NOT_EXIST');
  assert.deepEqual([error.isRetryable, error.isUncertain, error.hint], [false, false, null]);
});

test('a page of HTML is read by its title, a line of text as it is', () => {
  const page = '<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>';
  const error = answered(404, page);
  assert.equal(error.detail, '404 Not Found');
  assert.match(error.hint ?? '', /is the address right, with its path/);
  assert.equal(answered(502, 'upstream is away').detail, '502 upstream is away');
  assert.equal(answered(500, '').detail, '500');
});

test('a refused host becomes a hint', () => {
  const text = 'Invalid Host header - possible DNS rebinding attack detected';
  const error = answered(403, text);
  assert.match(error.hint ?? '', /--allowed-hosts.*MLFLOW_SERVER_ALLOWED_HOSTS/);
  assert.equal(error.isRetryable, false);
});

test('every refusal that a person can mend has a hint', () => {
  const cases: readonly (readonly [number, string, RegExp])[] = [
    [401, 'You are not authenticated', /MLFLOW_TRACKING_USERNAME/],
    [403, 'Permission denied', /not allowed/],
    [403, 'Cross-origin request blocked', /cors-allowed-origins/],
    [413, '', /limits the size/],
    [404, json('ENDPOINT_NOT_FOUND', ''), /older/],
    [400, json('INVALID_PARAMETER_VALUE', 'Changing param values is not allowed.'), /first value/],
    [
      400,
      json('INVALID_PARAMETER_VALUE', "The run x must be in the 'active' state."),
      /was deleted there/,
    ],
    [503, json('TEMPORARILY_UNAVAILABLE', 'database or disk is full'), /disk of the server/],
  ];
  for (const [status, body, hint] of cases) assert.match(answered(status, body).hint ?? '', hint);
});

test('what the Python client repeats may be repeated, and what was stopped at the door leaves no doubt', () => {
  for (const status of [408, 500, 502, 503, 504]) {
    const { isRetryable, isUncertain } = answered(status, '');
    assert.deepEqual([isRetryable, isUncertain], [true, true], `${status}`);
  }
  assert.deepEqual([answered(429, '').isRetryable, answered(429, '').isUncertain], [true, false]);
  for (const status of [400, 401, 403, 404, 409, 413, 501])
    assert.equal(answered(status, '').isRetryable, false, `${status}`);
});

test("the pool's 400 passes by", () => {
  const message = 'QueuePool limit of size 5 overflow 10 reached, connection timed out';
  const error = answered(400, json('BAD_REQUEST', message));
  assert.deepEqual([error.isRetryable, error.isUncertain], [true, true]);
  assert.match(error.hint ?? '', /POOL_SIZE/);
});

test('a row that is there twice, and a 500 that is not of MLflow, are worth few tries', () => {
  const sqlite = answered(
    400,
    json('BAD_REQUEST', '(x) UNIQUE constraint failed: a.b\n[SQL: INSERT'),
  );
  assert.deepEqual([sqlite.isRetryable, isDoubtful(sqlite)], [true, true]);
  assert.equal(sqlite.detail, '400 BAD_REQUEST (x) UNIQUE constraint failed: a.b');
  assert.equal(isDoubtful(answered(500, '<html><title>500</title>')), true);
  assert.equal(isDoubtful(answered(500, json('INTERNAL_ERROR', 'x'))), false);
  assert.equal(isDoubtful(answered(503, '')), false);
  const taken = json(
    'RESOURCE_ALREADY_EXISTS',
    'Experiment(name=a) already exists. UNIQUE constraint failed',
  );
  assert.equal(answered(400, taken).isRetryable, false);
});

test('Retry-After is read as seconds and as a date', () => {
  assert.equal(answered(429, '', { 'retry-after': '7' }).retryAfter, 7);
  const date = new Date(Date.now() + 60_000).toUTCString();
  const { retryAfter } = answered(503, '', { 'retry-after': date });
  assert.ok(retryAfter !== null && retryAfter > 50 && retryAfter <= 60);
  assert.equal(answered(503, '', { 'retry-after': 'soon' }).retryAfter, null);
  assert.equal(answered(500, '', { 'retry-after': '7' }).retryAfter, null);
  const tooLarge = answered(413, '', { 'retry-after': '1' });
  assert.deepEqual([tooLarge.isRetryable, tooLarge.isUncertain], [true, false]);
});

test('a redirect is an error that names its goal', () => {
  const error = answered(301, '', {
    location: 'https://user:secret@mlflow.example/api?sig=secret',
  });
  assert.equal(error.detail, '301 it sends on to https://mlflow.example/api');
  assert.match(error.hint ?? '', /use the address/);
});

test('where nobody answered, it is told whether anybody may have heard', () => {
  const code = (name: string) => Object.assign(new Error('no'), { code: name });
  const refused = failureOf(asked, new AggregateError([code('ECONNREFUSED')], ''));
  assert.deepEqual([refused.isRetryable, refused.isUncertain], [true, false]);
  assert.match(refused.hint ?? '', /Is the server running/);
  const reset = failureOf(asked, new Error('fetch failed', { cause: code('ECONNRESET') }));
  assert.deepEqual([reset.isRetryable, reset.isUncertain, reset.status], [true, true, null]);
  assert.equal(failureOf({ ...asked, isWrite: false }, code('ECONNRESET')).isUncertain, false);
  const untrusted = failureOf(asked, code('DEPTH_ZERO_SELF_SIGNED_CERT'));
  assert.deepEqual([untrusted.isRetryable, untrusted.isUncertain], [false, false]);
  assert.match(untrusted.hint ?? '', /MLFLOW_TRACKING_SERVER_CERT_PATH/);
});

test('long messages are cut, and addresses shown without credentials', () => {
  assert.ok(answered(400, 'x'.repeat(10_000)).message.length < 700);
  assert.equal(withoutCredentials('s3://key:secret@bucket/a@b'), 's3://bucket/a@b');
  assert.equal(withoutCredentials('https://u:p@host/a?token=x'), 'https://host/a');
});
