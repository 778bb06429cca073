/** @file What is made, changed or deleted by a request whose answer is lost: once, and no error. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterText } from '../../../src/mlflow-client-ts/index.ts';
import type { FaultProxy } from '../../mlflow/proxy.ts';
import { collect, freshName, type Ground, newExperiment, newRun } from './ground.ts';

/** A ground whose client speaks through the proxy. */
export interface FaultyGround extends Ground {
  readonly proxy: FaultProxy;
}

interface Case {
  readonly what: string;
  /** The request that is carried out without an answer. */
  readonly path: string;
  /** Makes ready what is needed, and gives the call and what must be there after it. */
  readonly prepare: (ground: Ground) => Promise<{
    readonly call: () => Promise<unknown>;
    readonly check: () => Promise<void>;
  }>;
}

const nothing = async () => {};

async function model(ground: Ground) {
  const { runId, experimentId } = (await newRun(ground)).info;
  const made = await ground.client.models.create({ experimentId, sourceRunId: runId });
  return { runId, experimentId, modelId: made.info.modelId };
}

const making: readonly Case[] = [
  {
    what: 'an experiment',
    path: 'experiments/create',
    prepare: async ({ client }) => {
      const name = freshName();
      const call = () => client.experiments.create(name);
      return { call, check: async () => assert.ok(await client.experiments.getByName(name)) };
    },
  },
  {
    what: 'a run',
    path: 'runs/create',
    prepare: async (ground) => {
      const { experimentId } = await newExperiment(ground);
      const { runs } = ground.client;
      const call = () => runs.create({ experimentId });
      const check = async () =>
        assert.equal((await collect(runs.search({ experimentIds: [experimentId] }))).length, 1);
      return { call, check };
    },
  },
  {
    what: 'a logged model',
    path: '/logged-models',
    prepare: async (ground) => {
      const { experimentId } = await newExperiment(ground);
      const { models } = ground.client;
      const check = async () =>
        assert.equal((await collect(models.search({ experimentIds: [experimentId] }))).length, 1);
      return { call: () => models.create({ experimentId }), check };
    },
  },
  {
    what: 'a registered model',
    path: 'registered-models/create',
    prepare: async ({ client }) => {
      const name = freshName().replace('/', '-');
      const check = async () => assert.equal((await client.registry.getModel(name)).name, name);
      return { call: () => client.registry.createModel(name), check };
    },
  },
  {
    what: 'a version of a registered model',
    path: 'model-versions/create',
    prepare: async (ground) => {
      const { registry } = ground.client;
      const { modelId } = await model(ground);
      const { name } = await registry.createModel(freshName().replace('/', '-'));
      const call = () => registry.createVersion({ name, source: `models:/${modelId}` });
      const filter = `name = ${filterText(name)}`;
      const check = async () =>
        assert.equal((await collect(registry.searchVersions({ filter }))).length, 1);
      return { call, check };
    },
  },
];

const changing: readonly Case[] = [
  {
    what: 'the outputs of a run',
    path: 'runs/outputs',
    prepare: async (ground) => {
      const { runId, modelId } = await model(ground);
      const { runs } = ground.client;
      const call = () => runs.logOutputs({ runId, models: [{ modelId, step: 3 }] });
      const check = async () =>
        assert.deepEqual((await runs.get(runId)).outputs, [{ modelId, step: 3 }]);
      return { call, check };
    },
  },
  {
    what: 'the parameters of a model',
    path: '/params',
    prepare: async (ground) => {
      const { modelId } = await model(ground);
      const { models } = ground.client;
      const check = async () => assert.deepEqual((await models.get(modelId)).params, { a: '1' });
      return { call: () => models.logParams(modelId, { a: 1 }), check };
    },
  },
  {
    what: 'the name of a registered model',
    path: 'registered-models/rename',
    prepare: async ({ client: { registry } }) => {
      const { name } = await registry.createModel(freshName().replace('/', '-'));
      const check = async () => assert.ok(await registry.getModel(`${name}-b`));
      return { call: () => registry.renameModel(name, `${name}-b`), check };
    },
  },
  {
    what: 'an artifact',
    path: 'mlflow-artifacts',
    prepare: async (ground) => {
      const { artifactUri, runId } = (await newRun(ground)).info;
      const { artifacts } = ground.client;
      const check = async () =>
        assert.deepEqual(await artifacts.list(runId), [{ path: 'a', isDirectory: false, size: 1 }]);
      return { call: () => artifacts.upload(artifactUri, 'a', 'x'), check };
    },
  },
];

const deleting: readonly Case[] = [
  {
    what: 'an experiment that is deleted',
    path: 'experiments/delete',
    prepare: async (ground) => {
      const { experimentId } = await newExperiment(ground);
      return { call: () => ground.client.experiments.delete(experimentId), check: nothing };
    },
  },
  {
    what: 'an experiment that is restored',
    path: 'experiments/restore',
    prepare: async (ground) => {
      const { experimentId } = await newExperiment(ground);
      await ground.client.experiments.delete(experimentId);
      return { call: () => ground.client.experiments.restore(experimentId), check: nothing };
    },
  },
  {
    what: 'a tag that is deleted',
    path: 'runs/delete-tag',
    prepare: async (ground) => {
      const { runId } = (await newRun(ground)).info;
      await ground.client.runs.setTag(runId, 'a', 1);
      return { call: () => ground.client.runs.deleteTag(runId, 'a'), check: nothing };
    },
  },
  {
    what: 'a registered model that is deleted',
    path: 'registered-models/delete',
    prepare: async ({ client: { registry } }) => {
      const { name } = await registry.createModel(freshName().replace('/', '-'));
      return { call: () => registry.deleteModel(name), check: nothing };
    },
  },
  {
    what: 'an artifact that is deleted',
    path: 'mlflow-artifacts',
    prepare: async (ground) => {
      const { artifactUri } = (await newRun(ground)).info;
      await ground.client.artifacts.upload(artifactUri, 'a', 'x');
      return { call: () => ground.client.artifacts.delete(artifactUri, 'a'), check: nothing };
    },
  },
];

export function testLostAnswers(getGround: () => FaultyGround): void {
  for (const { what, path, prepare } of [...making, ...changing, ...deleting])
    test(`${what} is there once after a lost answer`, async () => {
      const ground = getGround();
      const { call, check } = await prepare(ground);
      ground.proxy.clear();
      ground.proxy.plan({ path, action: { kind: 'loseAnswer' } });
      await call();
      assert.equal(ground.proxy.requests[0]?.fault, 'loseAnswer');
      await check();
    });
}
