import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog } from '../../src/catalog.ts';
import type { DataSignature } from '../../src/data/signature.ts';
import { buildModel } from '../../src/model/index.ts';
import { rng } from '../../src/plan/random.ts';
import { withValues } from '../../src/spec/index.ts';
import { chosen, findKind } from '../../src/spec/kind.ts';
import { createStep, losses as lossKinds, type StepBatch } from '../../src/step/index.ts';
import { spec as resolved } from '../spec/example.ts';
import { tf } from './backend.ts';

const base = resolved(`
experiment: kinds
data: { source: x.csv, split: { train: 0.8, validation: 0.2 }, features: [{ columns: x, type: number }] }
shared: { layers: [dense: { units: 6, activation: tanh }] }
heads:
  ill: { target: a, type: binary }
  ward: { target: b, type: multiclass }
  tags: { target: [c, d], type: multilabel }
  days: { target: e, type: regression }
`);
const target = (columns: number) => ({
  columns,
  classes: null,
  transform: { kind: 'none' } as const,
  classWeights: null,
});
const signature: DataSignature = {
  inputs: [{ kind: 'dense', name: 'features', width: 3 }],
  targets: { ill: target(1), ward: target(3), tags: target(2), days: target(1) },
};

function batch(): StepBatch {
  const { next, integer } = rng('kinds');
  const rows = Array.from({ length: 16 }, (_, row) => row);
  const ones = () => tf.ones<tf.Rank.R1>([16]);
  return {
    inputs: { features: tf.tensor2d(rows.map(() => [next(), next(), next()])) },
    labels: {
      ill: tf.tensor2d(rows.map(() => [integer(2)])),
      ward: tf
        .oneHot(
          tf.tensor1d(
            rows.map(() => integer(3)),
            'int32',
          ),
          3,
        )
        .toFloat()
        .as2D(16, 3),
      tags: tf.tensor2d(rows.map(() => [integer(2), integer(2)])),
      days: tf.tensor2d(rows.map(() => [integer(9)])),
    },
    present: { ill: ones(), ward: ones(), tags: ones(), days: ones() },
    weights: ones(),
    mask: ones(),
  };
}

/** Two steps of a spec with some values changed: all finite, weights moved, no tensor left over. */
function check(values: Readonly<Record<string, unknown>>): void {
  const spec = withValues(base, values, catalog);
  const lossActivation = (head: string) =>
    findKind(lossKinds, chosen(spec.heads[head]?.loss ?? {}).name).activation ?? 'linear';
  const built = buildModel({ ...spec, signature, replicate: 0, lossActivation });
  const tasks = Object.keys(spec.heads);
  const step = createStep({ built, spec, signature, replicate: 0, stepsPerEpoch: 2, tasks });
  const numbers = Object.entries(step.hyperparameters).map(([name, value]) => [
    name,
    tf.scalar(value),
  ]);
  const hyper = Object.fromEntries(numbers);
  const rows = batch();
  const start = step.initialState();
  const before = tf.memory().numTensors;
  const first = step.step(start, rows, hyper);
  const second = step.step(first.state, rows, hyper);
  for (const [name, tensor] of Object.entries({ ...second.state, losses: second.losses })) {
    assert.ok(tensor.dataSync().every(Number.isFinite), `${name} is not finite`);
  }
  const moved = Object.keys(start).filter((name) => name.startsWith('weights/'));
  assert.ok(
    moved.some(
      (name) => String(start[name]?.dataSync()) !== String(second.state[name]?.dataSync()),
    ),
  );
  tf.dispose([first, second]);
  assert.equal(tf.memory().numTensors, before);
  const gauges = step.gauges(start, hyper);
  assert.deepEqual(Object.keys(gauges), [
    'learningRate',
    ...step.tasks.map((task) => `weight/${task}`),
  ]);
  tf.dispose([gauges, start, hyper]);
}

const options: Readonly<Record<string, unknown>> = {
  dense: { dense: { units: 4, kernelRegularizer: { l2: 0.01 }, kernelConstraint: 'nonNeg' } },
  dropout: { dropout: { rate: 0.4 } },
  activation: { activation: { activation: 'gelu' } },
  residual: { residual: { layers: [{ dense: { units: 6 } }, 'batchNormalization'] } },
};
for (const { name } of catalog.layer) {
  test(`the layer ${name} trains`, () =>
    check({ 'shared.layers': [{ dense: { units: 6 } }, options[name] ?? name] }));
}
for (const { name } of catalog.optimizer) {
  test(`the optimizer ${name} trains`, () =>
    check({ 'training.optimizer': name, 'training.clipNorm': 1 }));
}
for (const { name } of catalog.schedule) {
  test(`the schedule ${name} moves learning rate and weights`, () =>
    check({
      'training.learningRateSchedule': name === 'warmUp' ? { warmUp: { start: 0.5 } } : name,
      'heads.ill.weightSchedule': name,
    }));
}
for (const { name } of catalog.weighting) {
  test(`the weighting ${name} trains`, () => check({ weighting: name }));
}
for (const loss of catalog.loss) {
  for (const [head, { type }] of Object.entries(base.heads)) {
    if (!loss.heads.includes(type)) continue;
    test(`the loss ${loss.name} trains a ${type} head`, () =>
      check({ [`heads.${head}.loss`]: loss.name }));
  }
}

test('a constraint holds after each step', () => {
  const spec = withValues(
    base,
    { 'shared.layers': [{ dense: { units: 6, kernelConstraint: 'nonNeg' } }] },
    catalog,
  );
  const built = buildModel({ ...spec, signature, replicate: 0, lossActivation: () => 'linear' });
  const tasks = Object.keys(spec.heads);
  const step = createStep({ built, spec, signature, replicate: 0, stepsPerEpoch: 2, tasks });
  const hyper = Object.fromEntries(
    Object.entries(step.hyperparameters).map(([name, value]) => [name, tf.scalar(value)]),
  );
  const { state } = step.step(step.initialState(), batch(), hyper);
  const kernel = [...(state['weights/shared/0/dense/kernel']?.dataSync() ?? [])];
  assert.ok(kernel.length > 0 && kernel.every((value) => value >= 0));
});
