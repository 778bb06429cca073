/** @file What MLflow swallows with a 200: shown on a server, and kept from it by the client. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunLog } from '../../../src/mlflow-client-ts/index.ts';
import { type GetGround, newRun, postRaw } from './ground.ts';

interface Case {
  readonly what: string;
  /** As JSON.stringify, or somebody by hand, would write it. */
  readonly raw: string;
  readonly log: Omit<RunLog, 'runId'>;
}

const at = (key: string, rest: string) => `{"key":"${key}",${rest}}`;
const plain = '"value":1,"timestamp":9,"step":2';
const point = { value: 1, timestamp: 9, step: 2 };
const last = { key: 'last', ...point };
const lastRaw = at('last', plain);

/** In each of them something stands after what is ill-typed: it must not be lost. */
const cases: readonly Case[] = [
  ...['NaN', 'Infinity', '-Infinity'].map((value) => ({
    what: `the bare value ${value}`,
    raw: `"metrics":[${at('bad', `"value":${value},"timestamp":9,"step":2`)},${lastRaw}],"params":[${at('p', '"value":"1"')}]`,
    log: { metrics: [{ key: 'bad', ...point, value: Number(value) }, last], params: { p: 1 } },
  })),
  {
    what: 'a time with a fraction',
    raw: `"metrics":[${at('bad', '"value":1,"timestamp":9.25,"step":2')},${lastRaw}],"params":[${at('p', '"value":"1"')}]`,
    log: { metrics: [{ key: 'bad', ...point, timestamp: 9.25 }, last], params: { p: 1 } },
  },
  {
    what: 'a step with a fraction',
    raw: `"metrics":[${at('bad', '"value":1,"timestamp":9,"step":2.5')},${lastRaw}],"tags":[${at('t', '"value":"1"')}]`,
    log: { metrics: [{ key: 'bad', ...point, step: 2.5 }, last], tags: { t: 1 } },
  },
  {
    what: 'a parameter that is a number',
    raw: `"params":[${at('p', '"value":3')},${at('z', '"value":"1"')}],"tags":[${at('t', '"value":"1"')}]`,
    log: { params: { p: 3, z: 1 }, tags: { t: 1 } },
  },
  {
    what: 'a tag that is a truth value',
    raw: `"tags":[${at('t', '"value":true')},${at('u', '"value":"1"')}]`,
    log: { tags: { t: true, u: 1 } },
  },
  {
    what: 'half a surrogate pair',
    raw: `"params":[${at('p', '"value":"x\\ud800"')},${at('z', '"value":"1"')}],"tags":[${at('t', '"value":"1"')}]`,
    log: { params: { p: 'x\ud800', z: 1 }, tags: { t: 1 } },
  },
];

export function testIllTyped(getGround: GetGround): void {
  for (const { what, raw, log } of cases)
    test(`${what} makes the server lose what follows, and the client send it right`, async () => {
      const ground = getGround();
      const { client } = ground;
      const careless = (await newRun(ground)).info.runId;
      const answer = await postRaw(ground, '/runs/log-batch', `{"run_id":"${careless}",${raw}}`);
      assert.equal(answer.status, 200);
      const { runId } = (await newRun(ground)).info;
      await client.runs.logBatch({ runId, ...log });
      const [lost, kept] = [await client.runs.get(careless), await client.runs.get(runId)];
      const counted = ({ data }: typeof kept) =>
        [data.metrics, data.params, data.tags].map((each) => Object.keys(each).length);
      // Of the tags two are there from the beginning.
      assert.deepEqual(counted(kept), [
        log.metrics?.length ?? 0,
        Object.keys(log.params ?? {}).length,
        2 + Object.keys(log.tags ?? {}).length,
      ]);
      const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each);
      assert.ok(sum(counted(lost)) < sum(counted(kept)), 'the server has learned to read it');
      for (const metric of log.metrics ?? []) {
        const expected = { ...metric, timestamp: 9, step: 2 };
        assert.deepEqual(kept.data.metrics[metric.key], expected);
      }
      for (const [key, value] of Object.entries(log.params ?? {}))
        assert.equal(kept.data.params[key], String(value).replace('\ud800', '\uFFFD'));
      for (const [key, value] of Object.entries(log.tags ?? {}))
        assert.equal(kept.data.tags[key], String(value));
    });

  test('a step beyond 64 bits makes the server lose what follows, and the client refuse it', async () => {
    const ground = getGround();
    const { runId } = (await newRun(ground)).info;
    const raw = `"metrics":[${at('bad', '"value":1,"timestamp":9,"step":1e21')},${lastRaw}]`;
    const answer = await postRaw(ground, '/runs/log-batch', `{"run_id":"${runId}",${raw}}`);
    assert.equal(answer.status, 200);
    assert.equal((await ground.client.runs.get(runId)).data.metrics.last, undefined);
    const bad = { key: 'bad', ...point, step: 1e21 };
    await assert.rejects(
      ground.client.runs.logBatch({ runId, metrics: [bad, last] }),
      /the step of "bad" must be a whole number within 53 bits, got 1e\+21/,
    );
  });

  test('null costs the whole batch on the server, and is refused by the client before', async () => {
    const ground = getGround();
    const { runId } = (await newRun(ground)).info;
    const raw = `"metrics":[${lastRaw},${at('bad', '"value":null,"timestamp":9,"step":2')}]`;
    const answer = await postRaw(ground, '/runs/log-batch', `{"run_id":"${runId}",${raw}}`);
    assert.equal(answer.status, 400);
    const bad: unknown = { key: 'bad', ...point, value: null };
    await assert.rejects(
      ground.client.runs.logBatch({ runId, metrics: [last, bad as typeof last] }),
      /the metric "bad" must be a number, got null/,
    );
    assert.deepEqual((await ground.client.runs.get(runId)).data.metrics, {});
  });
}
