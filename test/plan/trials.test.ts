import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog } from '../../src/catalog.ts';
import { grid } from '../../src/plan/samplers/grid.ts';
import { describeChoice, planTrials } from '../../src/plan/trials.ts';
import type { ResolvedSpec } from '../../src/spec/schema/experiment.ts';
import { sweepSpace } from '../../src/spec/space/sweep-points.ts';
import { allPoints } from '../../src/sweep/proposer.ts';

const execution = { retries: 2, failFast: false, stallSeconds: 900 };
const head = (target: string, weight: number) => ({
  target: [target],
  type: 'regression',
  loss: { huber: { delta: 1 } },
  weight,
  weightSchedule: { constant: {} },
  metrics: [{ mae: {} }],
  layers: [],
});
const spec: ResolvedSpec = {
  extends: [],
  experiment: 'unit',
  seed: 7,
  data: {
    source: ['a.csv'],
    key: [],
    missing: [],
    split: { train: 0.5, validation: 0.5 },
    features: [],
  },
  shared: { sharing: { hard: {} }, layers: [{ dense: { units: 64 } }] },
  heads: { disease: head('d', 1), stay: head('s', 1) },
  weighting: { fixed: {} },
  training: {
    epochs: 3,
    batchSize: 32,
    optimizer: { adam: { learningRate: 0.001 } },
    learningRateSchedule: { constant: {} },
    shuffle: true,
    earlyStopping: {
      metric: ['validation/loss'],
      patience: 2,
      minDelta: 0,
      restoreBestWeights: true,
    },
  },
  sweep: {
    method: { grid: {} },
    parameters: {},
    zip: [],
    objective: [],
    replicates: 1,
    budget: { target: {} },
    pruner: [],
    floors: {},
  },
  baselines: 'none',
  tracking: {},
  execution,
};

const plan = (changes: Partial<ResolvedSpec>, engineFamily = 'tensorflow-2', fingerprint = 'f') => {
  const changed = { ...spec, ...changes };
  const space = sweepSpace(changed, catalog);
  const points = allPoints({ spec: changed, sampler: grid, space, objectives: 1 }, 1000);
  return planTrials(
    { spec: changed, fingerprint: () => fingerprint, engineFamily },
    points.map((point) => space.choiceAt(point)),
  );
};
const sweep = (
  parameters: Record<string, unknown[]>,
  replicates = 1,
  zip: Record<string, unknown[]>[] = [],
) => ({
  sweep: { ...spec.sweep, parameters, replicates, zip },
});

test('a spec without a sweep is one trial', () => {
  assert.deepEqual(
    plan({}).map(({ tasks, parameters, control }) => ({ tasks, parameters, control })),
    [{ tasks: ['disease', 'stay'], parameters: {}, control: null }],
  );
});

test('a grid is every combination, the first path changing slowest, with all its replicates', () => {
  const trials = plan(sweep({ 'heads.stay.weight': [0.1, 1], 'training.epochs': [3, 4] }, 2));
  assert.equal(trials.length, 8);
  assert.deepEqual(
    trials
      .filter(({ replicate }) => replicate === 0)
      .map(({ parameters }) => Object.values(parameters)),
    [
      [0.1, 3],
      [0.1, 4],
      [1, 3],
      [1, 4],
    ],
  );
  assert.equal(new Set(trials.map(({ id }) => id)).size, 8);
  assert.equal(new Set(trials.map(({ choice }) => choice)).size, 4);
});

test('zipped lists run side by side', () => {
  const trials = plan(
    sweep({ seed: [1, 2] }, 1, [{ 'training.epochs': [3, 4], 'training.batchSize': [32, 64] }]),
  );
  assert.deepEqual(
    trials.map(({ parameters }) => Object.values(parameters)),
    [
      [1, 3, 32],
      [1, 4, 64],
      [2, 3, 32],
      [2, 4, 64],
    ],
  );
});

test('controls that differ in other heads or in the weighting only are one trial', () => {
  const trials = plan({
    ...sweep({
      'heads.stay.weight': [0.1, 0.5, 1],
      'training.epochs': [3, 4],
      weighting: [{ fixed: {} }, { uncertainty: {} }],
    }),
    baselines: 'singleTask',
  });
  const controls = (task: string) =>
    trials.filter((trial) => trial.control && trial.tasks[0] === task);
  assert.equal(trials.filter(({ control }) => control === null).length, 12);
  assert.deepEqual(
    controls('disease').map(({ parameters }) => parameters),
    [{ 'training.epochs': 3 }, { 'training.epochs': 4 }],
  );
  assert.equal(controls('stay').length, 6);
  const [control] = controls('stay');
  assert.deepEqual(Object.keys(control?.spec.heads ?? {}), ['stay']);
  assert.deepEqual(control?.spec.training.earlyStopping?.metric, ['validation/stay/loss']);
  assert.deepEqual(control?.spec.weighting, { fixed: {} });
});

test('an identity depends on data, engine, seed and training, not on names, paths or execution', () => {
  const id = (changes: Partial<ResolvedSpec> = {}, engine?: string, print?: string) =>
    plan(changes, engine, print)[0]?.id;
  const same = id();
  assert.equal(
    id({
      experiment: 'other',
      execution: { ...execution, jobs: 2 },
      tracking: { mlflow: {} },
      baselines: 'singleTask',
    }),
    same,
  );
  assert.equal(id({ data: { ...spec.data, source: ['elsewhere/a.csv'] } }), same);
  assert.equal(id({ data: { ...spec.data, memory: '1GB' } }), same);
  assert.equal(id({ sweep: { ...spec.sweep, replicates: 3 } }), same);
  for (const other of [
    id({ seed: 8 }),
    id({}, 'wasm-4'),
    id({}, undefined, 'g'),
    id({ training: { ...spec.training, epochs: 4 } }),
    id({ heads: { disease: head('d', 1) } }),
    id({ heads: { stay: head('s', 1), disease: head('d', 1) } }),
  ]) {
    assert.notEqual(other, same);
  }
});

test('a choice in words is short and unambiguous about heads', () => {
  assert.equal(
    describeChoice({
      'training.optimizer.adam.learningRate': 0.01,
      'heads.stay.weight': 0.3,
      'shared.layers[0].dense.units': 64,
    }),
    'learningRate 0.01, stay.weight 0.3, units 64',
  );
});
