import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { test } from 'node:test';
import {
  type ClientOptions,
  createMlflowClient,
  MlflowError,
} from '../../src/mlflow-client-ts/index.ts';
import { type Answering, startStub } from './stub.ts';

const nobody = { HOME: '/nonexistent' };
const run = {
  info: { run_id: 'r', experiment_id: '1', artifact_uri: 'mlflow-artifacts:/1/r/artifacts' },
};
const impatient = { retries: 2, backoff: 0, jitter: 0 };

async function withStub(
  answer: Answering,
  use: (made: Made) => Promise<void>,
  options: ClientOptions = {},
): Promise<void> {
  const made = await parts(answer, options);
  try {
    await use(made);
  } finally {
    await made.client.close();
    await made.stub[Symbol.asyncDispose]();
  }
}

type Made = Awaited<ReturnType<typeof parts>>;

async function parts(answer: Answering, options: ClientOptions) {
  const stub = await startStub(answer);
  const uri = `${stub.uri}${options.uri ?? ''}`;
  const client = createMlflowClient({ env: nobody, retry: impatient, ...options, uri });
  return { stub, client };
}

const failed = (check: (error: MlflowError) => boolean) => (error: unknown) =>
  error instanceof MlflowError && check(error);

test('every request says who asks, and brings the headers that were given', async () => {
  const env = { ...nobody, MLFLOW_TRACKING_TOKEN: 'abc', MLFLOW_WORKSPACE: 'team' };
  await withStub(
    () => ({ body: { run } }),
    async ({ client, stub }) => {
      await client.runs.create({ experimentId: '1' });
      const [asked] = stub.asked;
      assert.match(String(asked?.headers['user-agent']), /^mlflow-client-ts\/\d+\.\d+\.\d+$/);
      assert.equal(asked?.headers.authorization, 'Bearer abc');
      assert.equal(asked?.headers['x-mlflow-workspace'], 'team');
      assert.equal(asked?.headers['content-type'], 'application/json');
      assert.equal(asked?.headers['x-own'], 'mine');
    },
    { env, headers: { 'X-Own': 'mine' } },
  );
});

test('headers that are given win over our own, however they are spelled', async () => {
  await withStub(
    () => ({ body: { run } }),
    async ({ client, stub }) => {
      await client.runs.get('r');
      assert.equal(stub.asked[0]?.headers.authorization, 'Own scheme');
    },
    { env: { ...nobody, MLFLOW_TRACKING_TOKEN: 'abc' }, headers: { Authorization: 'Own scheme' } },
  );
});

test('a path before the API stands before every path', async () => {
  await withStub(
    ({ path }) => ({ body: path.endsWith('/version') ? '3.17.2\n' : { run } }),
    async ({ client, stub }) => {
      await client.runs.get('r');
      assert.equal(await client.server.version(), '3.17.2');
      await client.artifacts.upload('mlflow-artifacts:/1/r', 'a', 'x');
      assert.deepEqual(
        stub.asked.map(({ path }) => path),
        [
          '/ml/flow/api/2.0/mlflow/runs/get?run_id=r',
          '/ml/flow/version',
          '/ml/flow/api/2.0/mlflow-artifacts/artifacts/1/r/a',
        ],
      );
    },
    { uri: '/ml/flow/' },
  );
});

test('an answer that is not of MLflow is an error, whatever its status', async () => {
  const answers: readonly (readonly [unknown, RegExp])[] = [
    ['<!doctype html><title>Sign in</title>', /expected MLflow's JSON, got "Sign in"/],
    ['', /expected MLflow's JSON, got ""/],
    ['[1', /expected MLflow's JSON, got "\[1"/],
    [{}, /expected MLflow's JSON, got "\{\}"/],
  ];
  for (const [body, expected] of answers)
    await withStub(
      () => ({ body }),
      async ({ client, stub }) => {
        await assert.rejects(client.runs.create({ experimentId: '1' }), expected);
        assert.equal(stub.asked.length, 1);
      },
    );
});

test('a redirect is not followed: it would turn a write into a read', async () => {
  await withStub(
    () => ({ status: 301, headers: { location: 'https://elsewhere/' }, body: '' }),
    async ({ client, stub }) => {
      await assert.rejects(client.runs.delete('r'), /301 it sends on to https:\/\/elsewhere\//);
      assert.equal(stub.asked.length, 1);
    },
  );
});

test('numbers may come as texts, and lists may be missing', async () => {
  const info = { ...run.info, start_time: '12', end_time: '15', status: 'FINISHED' };
  const data = { metrics: [{ key: 'a', value: '0.5', timestamp: '7', step: '3' }] };
  await withStub(
    ({ path }) => ({ body: path.includes('search') ? {} : { run: { info, data } } }),
    async ({ client }) => {
      const got = await client.runs.get('r');
      assert.deepEqual([got.info.startTime, got.info.endTime], [12, 15]);
      assert.deepEqual(got.data.metrics.a, { key: 'a', value: 0.5, timestamp: 7, step: 3 });
      assert.deepEqual([got.data.params, got.inputs, got.outputs], [{}, [], []]);
      for await (const _ of client.runs.search({ experimentIds: ['1'] })) assert.fail('empty');
    },
  );
});

test('pages follow one another until there is no other', async () => {
  await withStub(
    (_, count) => ({
      body: { runs: [run], ...(count < 3 ? { next_page_token: `p${count}` } : {}) },
    }),
    async ({ client, stub }) => {
      let count = 0;
      for await (const _ of client.runs.search({ experimentIds: ['1'] })) count += 1;
      assert.equal(count, 3);
      const tokens = stub.asked.map(({ body }) => JSON.parse(body).page_token);
      assert.deepEqual(tokens, [undefined, 'p1', 'p2']);
    },
  );
});

test('a server that never answers ends in an error that may be tried again', async () => {
  await withStub(
    () => undefined,
    async ({ client, stub }) => {
      await assert.rejects(
        client.runs.create({ experimentId: '1' }),
        failed(
          ({ isRetryable, isUncertain, status }) => isRetryable && isUncertain && status === null,
        ),
      );
      assert.equal(stub.asked.length, 2); // The second one looks for what the first one made.
    },
    { retry: { ...impatient, retries: 1, timeout: 0.1 } },
  );
});

test('an answer that stops in the middle ends in the same way', async () => {
  await withStub(
    (_asked, _count, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"run":');
      return undefined;
    },
    async ({ client, stub }) => {
      await assert.rejects(
        client.runs.get('r'),
        failed(({ isRetryable, isUncertain }) => isRetryable && !isUncertain),
      );
      assert.equal(stub.asked.length, 2);
    },
    { retry: { ...impatient, retries: 1, timeout: 0.1 } },
  );
});

test('no more than four writes are under way, and reads pass by them', async () => {
  const open: (() => void)[] = [];
  await withStub(
    ({ method }) =>
      method === 'GET'
        ? { body: { run } }
        : new Promise((resolve) => open.push(() => resolve({ body: {} }))),
    async ({ client, stub }) => {
      const writes = Array.from({ length: 9 }, (_, index) => client.runs.delete(`r${index}`));
      await client.runs.get('r'); // Comes back although the writes hang.
      while (open.length < 4) await new Promise(setImmediate);
      await client.runs.get('r');
      assert.equal(stub.asked.filter(({ method }) => method === 'POST').length, 4);
      const timer = setInterval(() => open.shift()?.(), 1);
      await Promise.all(writes);
      clearInterval(timer);
      assert.equal(stub.asked.filter(({ method }) => method === 'POST').length, 9);
    },
  );
});

test('an abort ends a call while it waits for its turn, for an answer, or for another try', async () => {
  await withStub(
    () => undefined,
    async ({ client }) => {
      const waiting = Array.from({ length: 4 }, () =>
        client.runs.delete('r').catch(() => 'closed'),
      );
      const controller = new AbortController();
      const { signal } = controller;
      const fifth = client.runs.delete('r', { signal });
      const asked = client.runs.get('r', { signal });
      setTimeout(() => controller.abort(new Error('enough')), 20);
      await assert.rejects(fifth, { message: 'enough' });
      await assert.rejects(asked, { message: 'enough' });
      await assert.rejects(client.runs.get('r', { signal }), { message: 'enough' });
      await client.close();
      assert.deepEqual(await Promise.all(waiting), ['closed', 'closed', 'closed', 'closed']);
      await assert.rejects(client.runs.get('r'), /the client was closed/);
    },
  );
});

test("the client's own signal ends all its calls", async () => {
  const controller = new AbortController();
  await withStub(
    () => undefined,
    async ({ client }) => {
      const call = client.runs.get('r');
      setTimeout(() => controller.abort(new Error('over')), 20);
      await assert.rejects(call, { message: 'over' });
    },
    { signal: controller.signal },
  );
});

test('a stream is sent as it comes, and made anew for another try', async () => {
  const sizes: number[] = [];
  let made = 0;
  await withStub(
    ({ body, headers }, count) => {
      sizes.push(body.length);
      assert.equal(headers['content-length'], '50000');
      return count === 1 ? { status: 503, body: '' } : {};
    },
    async ({ client }) => {
      const content = () => {
        made += 1;
        return Readable.from(Array.from({ length: 50 }, () => 'x'.repeat(1000)));
      };
      const upload = (size?: number) =>
        client.artifacts.upload('mlflow-artifacts:/1/r', 'a', content, { size });
      await upload(50_000);
      assert.deepEqual([made, ...sizes], [2, 50_000, 50_000]);
      // Of unknown size it is read once, and sent from a file.
      await upload();
      assert.deepEqual([made, ...sizes.slice(2)], [3, 50_000]);
      for (const wrong of [49_999, 50_001])
        await assert.rejects(
          upload(wrong),
          failed(
            ({ message, isRetryable }) =>
              message.includes('the content cannot be read: it has ') && !isRetryable,
          ),
        );
    },
  );
});

test('a content that cannot be read is no fault of the server', async () => {
  await withStub(
    () => ({}),
    async ({ client }) => {
      let made = 0;
      const content = () => {
        made += 1;
        return Readable.from(
          (function* () {
            yield 'some';
            throw new Error('the disk is gone');
          })(),
        );
      };
      for (const size of [undefined, 8])
        await assert.rejects(
          client.artifacts.upload('mlflow-artifacts:/1/r', 'a', content, { size }),
          failed(
            ({ message, isRetryable }) =>
              message.endsWith('the content cannot be read: the disk is gone') && !isRetryable,
          ),
        );
      assert.equal(made, 2);
    },
  );
});

test('a download that breaks off says so in its stream', async () => {
  await withStub(
    ({ path }, _count, response) => {
      if (path.endsWith('whole')) return { body: 'all of it' };
      response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
      return undefined;
    },
    async ({ client }) => {
      const whole = await client.artifacts.download('mlflow-artifacts:/1/r', 'whole');
      assert.equal(await text(whole), 'all of it');
      const half = await client.artifacts.download('mlflow-artifacts:/1/r', 'half');
      await assert.rejects(
        buffer(half),
        failed(({ isRetryable }) => isRetryable),
      );
      const unread = await client.artifacts.download('mlflow-artifacts:/1/r', 'whole');
      unread.destroy();
      await once(unread, 'close');
    },
  );
});

test('credentials go to the server, and to other hosts only if they are trusted', async () => {
  const other = await startStub(() => ({}));
  const host = new URL(other.uri).host;
  const env = { ...nobody, MLFLOW_TRACKING_TOKEN: 'abc' };
  for (const trustedHosts of [[], [host]])
    await withStub(
      () => ({}),
      async ({ client, stub }) => {
        await client.artifacts.upload(`http://${host}/x`, 'a', 'x');
        await client.artifacts.upload(`mlflow-artifacts://${host}/1`, 'a', 'x');
        await client.artifacts.upload('mlflow-artifacts:/1', 'a', 'x');
        assert.equal(stub.asked[0]?.headers.authorization, 'Bearer abc');
      },
      { env, trustedHosts },
    );
  const seen = other.asked.map(({ headers }) => headers.authorization);
  assert.deepEqual(seen, [undefined, undefined, 'Bearer abc', 'Bearer abc']);
  await other[Symbol.asyncDispose]();
});

test('no error shows a credential', async () => {
  const stub = await startStub(() => ({ status: 401, body: 'no' }));
  const uri = stub.uri.replace('://', '://me:secret@');
  const client = createMlflowClient({ uri, env: nobody, retry: impatient });
  await assert.rejects(client.runs.get('r'), (error) => {
    assert.ok(error instanceof MlflowError);
    assert.doesNotMatch(JSON.stringify({ ...error, stack: error.stack }), /secret|bWU6/);
    return true;
  });
  assert.equal(client.uri, stub.uri);
  await client.close();
  await stub[Symbol.asyncDispose]();
});

test('health is a question, not an error', async () => {
  await withStub(
    (_, count) => (count === 1 ? { body: 'OK' } : { status: 503, body: '' }),
    async ({ client, stub }) => {
      assert.equal(await client.server.health(), true);
      assert.equal(await client.server.health(), false);
      assert.equal(stub.asked.length, 2);
      await stub[Symbol.asyncDispose]();
      assert.equal(await client.server.health(), false);
    },
  );
});
