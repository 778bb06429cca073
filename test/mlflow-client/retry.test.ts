import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MlflowError } from '../../src/mlflow-client-ts/index.ts';
import { pauseSeconds, retryRules, tryAgain } from '../../src/mlflow-client-ts/retry.ts';

const rules = { ...retryRules({}, {}), jitter: 0 };
const atOnce = { ...rules, retries: 3, backoff: 0 };
const { signal } = new AbortController();

const failure = (parts: { isUncertain?: boolean; isRetryable?: boolean; status?: number } = {}) =>
  new MlflowError({ request: 'POST /x', detail: 'failed', isRetryable: true, ...parts });

/** Throws the errors one after the other, then answers. */
function attempts(...errors: readonly MlflowError[]) {
  const left = [...errors];
  let count = 0;
  return {
    get count() {
      return count;
    },
    attempt: async () => {
      count += 1;
      const error = left.shift();
      if (error) throw error;
      return 'made';
    },
  };
}

test('pauses double as those of the Python client, but the first one is no zero', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7].map((tries) => pauseSeconds(tries, rules, null));
  assert.deepEqual(pauses, [0.5, 4, 8, 16, 32, 64, 120]);
});

test('jitter is added, and the sum stays within two minutes', () => {
  for (let tries = 1; tries < 20; tries++) {
    const pause = pauseSeconds(tries, { ...rules, jitter: 1 }, null);
    const least = pauseSeconds(tries, rules, null);
    assert.ok(pause >= least && pause <= Math.min(120, least + 1));
  }
});

test('the server says when to come again, within bounds, unless that is switched off', () => {
  assert.equal(pauseSeconds(1, rules, 7), 7);
  assert.equal(pauseSeconds(1, rules, 86_400), 120);
  assert.equal(pauseSeconds(2, rules, 0), 4);
  assert.equal(pauseSeconds(2, { ...rules, obeysRetryAfter: false }, 7), 4);
});

test("MLflow's variables are the defaults, and options come before them", () => {
  const env = {
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: '2',
    MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: '0.5',
    MLFLOW_HTTP_REQUEST_BACKOFF_JITTER: '0',
    MLFLOW_HTTP_REQUEST_TIMEOUT: '10',
    MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER: 'false',
  };
  const fromEnv = { retries: 2, backoff: 0.5, jitter: 0, timeout: 10, obeysRetryAfter: false };
  assert.deepEqual(retryRules({}, env), fromEnv);
  assert.deepEqual(retryRules({ retries: 0 }, env), { ...fromEnv, retries: 0 });
  assert.deepEqual(retryRules({}, {}), {
    retries: 7,
    backoff: 2,
    jitter: 1,
    timeout: 120,
    obeysRetryAfter: true,
  });
  assert.throws(
    () => retryRules({}, { MLFLOW_HTTP_REQUEST_TIMEOUT: 'long' }),
    /MLFLOW_HTTP_REQUEST_TIMEOUT must be a number from 0, got "long"/,
  );
});

test('what may succeed later is tried again, so often and no oftener', async () => {
  const thrice = attempts(failure(), failure(), failure());
  assert.equal(await tryAgain(thrice, atOnce, signal), 'made');
  const ever = attempts(...Array.from({ length: 9 }, () => failure()));
  await assert.rejects(tryAgain(ever, atOnce, signal), /failed \(tried 4 times\)/);
  assert.equal(ever.count, 4);
});

test('a refusal is told at once', async () => {
  const refused = attempts(failure({ isRetryable: false }));
  await assert.rejects(tryAgain(refused, atOnce, signal), { message: 'POST /x: failed' });
  assert.equal(refused.count, 1);
});

test('a 500 that is not of MLflow is not tried for minutes', async () => {
  const broken = attempts(...Array.from({ length: 9 }, () => failure({ status: 500 })));
  await assert.rejects(tryAgain(broken, { ...atOnce, retries: 7 }, signal));
  assert.equal(broken.count, 3);
});

test('what a lost answer made is found before a second one is made', async () => {
  const lost = attempts(failure({ isUncertain: true }));
  const recover = async () => 'found';
  assert.equal(await tryAgain({ attempt: lost.attempt, recover }, atOnce, signal), 'found');
  assert.equal(lost.count, 1);
});

test('a try that nobody heard is repeated without a look', async () => {
  const unheard = attempts(failure());
  const recover = () => assert.fail('nothing can be there');
  assert.equal(await tryAgain({ attempt: unheard.attempt, recover }, atOnce, signal), 'made');
});

test('nothing is made while the look itself fails', async () => {
  const lost = attempts(failure({ isUncertain: true }));
  const looks = attempts(failure(), failure());
  const recover = async () => {
    await looks.attempt();
    return undefined;
  };
  assert.equal(await tryAgain({ attempt: lost.attempt, recover }, atOnce, signal), 'made');
  assert.deepEqual([lost.count, looks.count], [2, 3]);
});

test('a doubt of the first try is told though the last one was never heard', async () => {
  const lost = attempts(failure({ isUncertain: true }), failure(), failure(), failure());
  await assert.rejects(
    tryAgain(lost, atOnce, signal),
    (error) => error instanceof MlflowError && error.isUncertain,
  );
});

test('a refusal after a lost answer may only say that it was done', async () => {
  const gone = failure({ isRetryable: false });
  const settle = () => 'done before';
  const lost = attempts(failure({ isUncertain: true }), gone);
  assert.equal(await tryAgain({ attempt: lost.attempt, settle }, atOnce, signal), 'done before');
  const first = attempts(gone);
  await assert.rejects(tryAgain({ attempt: first.attempt, settle }, atOnce, signal));
});

test('an abort ends a pause, with its reason', async () => {
  const controller = new AbortController();
  const ever = attempts(failure(), failure());
  const slow = { ...rules, backoff: 1000 };
  const trying = tryAgain(ever, slow, controller.signal);
  setImmediate(() => controller.abort(new Error('enough')));
  await assert.rejects(trying, { message: 'enough' });
  assert.equal(ever.count, 1);
});
