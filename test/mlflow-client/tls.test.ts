import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { createMlflowClient, MlflowError } from '../../src/mlflow-client-ts/index.ts';
import { type Certificates, makeCertificates, opensslReason } from './certificates.ts';
import { type ForwardProxy, startForwardProxy } from './forward-proxy.ts';
import { type Stub, startStub } from './stub.ts';

describe('TLS', { skip: opensslReason ?? false }, () => {
  let certificates: Certificates;
  let stub: Stub;
  let proxy: ForwardProxy;
  const clients: string[] = [];
  before(async () => {
    certificates = makeCertificates();
    stub = await startStub(
      (_asked, _count, response) => {
        const { subject } = (response.socket as TLSSocket).getPeerCertificate();
        clients.push(String(subject?.CN ?? 'nobody'));
        return { body: 'OK' };
      },
      { ...certificates.server, requestCert: true, rejectUnauthorized: false },
    );
    proxy = await startForwardProxy(new URL(stub.uri).port);
  });
  after(async () => {
    await proxy[Symbol.asyncDispose]();
    await stub[Symbol.asyncDispose]();
    certificates[Symbol.dispose]();
  });

  const version = async (env: Record<string, string>, uri = stub.uri) => {
    const client = createMlflowClient({ uri, env: { HOME: '/nonexistent', ...env } });
    return client.server.version().finally(() => client.close());
  };

  test('a server that nobody vouches for is not trusted, at once and for good', async () => {
    await assert.rejects(version({}), (error) => {
      assert.ok(error instanceof MlflowError);
      assert.deepEqual([error.isRetryable, error.isUncertain, error.status], [false, false, null]);
      assert.match(error.hint ?? '', /MLFLOW_TRACKING_SERVER_CERT_PATH/);
      return true;
    });
  });

  test('it is trusted with its authority, or without any look', async () => {
    assert.equal(await version({ MLFLOW_TRACKING_SERVER_CERT_PATH: certificates.authority }), 'OK');
    assert.equal(await version({ MLFLOW_TRACKING_INSECURE_TLS: 'true' }), 'OK');
    assert.equal(clients.at(-1), 'nobody');
  });

  test('we show who we are where a certificate of ours is named', async () => {
    const env = {
      MLFLOW_TRACKING_SERVER_CERT_PATH: certificates.authority,
      MLFLOW_TRACKING_CLIENT_CERT_PATH: certificates.client,
    };
    assert.equal(await version(env), 'OK');
    assert.equal(clients.at(-1), 'client');
  });

  test('a proxy tunnels to it, and the same certificates count', async () => {
    const trusted = { MLFLOW_TRACKING_SERVER_CERT_PATH: certificates.authority };
    const address = 'https://mlflow.test:5443';
    assert.equal(await version({ ...trusted, HTTPS_PROXY: proxy.uri }, address), 'OK');
    assert.deepEqual(proxy.seen.at(-1), { what: 'CONNECT mlflow.test:5443', authorization: null });
    await assert.rejects(version({ HTTPS_PROXY: proxy.uri }, address), MlflowError);
  });
});
