import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createMlflowClient, MlflowError } from '../../src/mlflow-client-ts/index.ts';
import { type ForwardProxy, startForwardProxy } from './forward-proxy.ts';
import { startStub } from './stub.ts';

let proxy: ForwardProxy;
before(async () => {
  proxy = await startForwardProxy();
});
after(() => proxy[Symbol.asyncDispose]());

/** The name is reserved: only a proxy can reach it. */
const elsewhere = 'http://mlflow.test:5000/pre';

const version = (env: Record<string, string>, uri = elsewhere) => {
  const retry = { retries: 0 };
  const client = createMlflowClient({ uri, env: { HOME: '/nonexistent', ...env }, retry });
  return client.server.version().finally(() => client.close());
};

test('plain HTTP goes through the proxy that the environment names, with its credentials', async () => {
  assert.equal(await version({ HTTP_PROXY: proxy.uri }), '3.17.2');
  const withUser = proxy.uri.replace('://', '://me:pw@');
  assert.equal(await version({ http_proxy: withUser, HTTP_PROXY: 'http://127.0.0.1:1' }), '3.17.2');
  const what = 'GET http://mlflow.test:5000/pre/version';
  assert.deepEqual(proxy.seen, [
    { what, authorization: null },
    { what, authorization: `Basic ${Buffer.from('me:pw').toString('base64')}` },
  ]);
});

test('hosts of NO_PROXY are asked directly', async () => {
  const direct = version({ HTTP_PROXY: proxy.uri, NO_PROXY: 'example.com,mlflow.test' });
  await assert.rejects(direct, /ENOTFOUND|EAI_AGAIN/);
});

test('a proxy for HTTPS is none for HTTP', async () => {
  await assert.rejects(version({ HTTPS_PROXY: proxy.uri }), /ENOTFOUND|EAI_AGAIN/);
});

test('this machine itself is never behind a proxy', async () => {
  const stub = await startStub(() => ({ body: 'here' }));
  assert.equal(await version({ HTTP_PROXY: proxy.uri }, stub.uri), 'here');
  await stub[Symbol.asyncDispose]();
});

test('an address of a proxy that is none is told without its password', () => {
  assert.throws(
    () => createMlflowClient({ uri: elsewhere, env: { HTTP_PROXY: 'http://me:secret@' } }),
    (error) => error instanceof MlflowError && !error.message.includes('secret'),
  );
});
