import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { State } from '../../src/step/index.ts';
import { stateFromBytes, stateToBytes } from '../../src/step/index.ts';
import { tf } from './backend.ts';
import { rows, small, spec } from './small-model.ts';

const numbers = (state: State) =>
  Object.fromEntries(Object.entries(state).map(([name, tensor]) => [name, [...tensor.dataSync()]]));

/** Runs steps on one batch; the losses of the last one. */
function train(
  { step, hyper }: ReturnType<typeof small>,
  batch: ReturnType<typeof rows>,
  steps: number,
  start?: State,
) {
  let state = start ?? step.initialState();
  let losses: number[] = [];
  for (let count = 0; count < steps; count++) {
    const result = step.step(state, batch, hyper);
    tf.dispose(state);
    state = result.state;
    losses = [...result.losses.dataSync()];
    tf.dispose([result.losses, result.labelWeights]);
  }
  return { state, losses };
}

test('a hundred steps learn both tasks', () => {
  const { losses } = train(small(), rows(64), 100);
  assert.ok((losses[0] ?? 9) < 0.45 && (losses[1] ?? 9) < 0.4, String(losses));
});

test('the same seed gives the same bits, another replicate others', () => {
  const batch = rows(64);
  const [one, two, other] = [small(), small(), small({}, 1)].map((model) =>
    numbers(train(model, batch, 5).state),
  );
  assert.deepEqual(one, two);
  assert.notDeepEqual(one, other);
});

test('a state restored from its bytes goes on bit by bit', async () => {
  const batch = rows(64);
  const model = small();
  const straight = train(model, batch, 10).state;
  const half = train(model, batch, 5).state;
  const { state, note } = stateFromBytes(await stateToBytes(half, { epoch: 5 }));
  assert.deepEqual(note, { epoch: 5 });
  assert.deepEqual(numbers(train(model, batch, 5, state).state), numbers(straight));
});

test('a step leaves nothing behind but the new state and its losses', () => {
  const batch = rows(32);
  const { step, hyper } = small();
  const state = step.initialState();
  const before = tf.memory().numTensors;
  const result = step.step(state, batch, hyper);
  assert.equal(tf.memory().numTensors, before + Object.keys(result.state).length + 2);
  tf.dispose([result.state, result.losses, result.labelWeights]);
  const evaluated = step.evaluate(state, batch, hyper);
  assert.equal(tf.memory().numTensors, before + 4);
  tf.dispose(evaluated);
  assert.equal(tf.memory().numTensors, before);
});

test('a control starts from the trunk of the joint model and sees the same dropout', () => {
  const { ill } = spec.heads;
  if (!ill) throw new Error('no head');
  const joint = small().step.initialState();
  const control = small({ heads: { ill } }).step.initialState();
  for (const [name, values] of Object.entries(numbers(control))) {
    assert.deepEqual(values, numbers(joint)[name], name);
  }
});

test('with the other task absent from every row, the joint model trains as the control does', () => {
  const { days } = spec.heads;
  if (!days) throw new Error('no head');
  const batch = rows(64, () => true);
  const joint = numbers(train(small(), batch, 10).state);
  const control = numbers(train(small({ heads: { days } }), batch, 10).state);
  for (const [name, values] of Object.entries(control)) {
    const other = joint[name] ?? [];
    assert.ok(
      values.every((value, index) => Math.abs(value - (other[index] ?? 9)) < 1e-6),
      name,
    );
  }
  const untouched = numbers(small().step.initialState());
  assert.deepEqual(
    joint['weights/heads/ill/output/kernel'],
    untouched['weights/heads/ill/output/kernel'],
  );
});

test('NaN where there is no label reaches neither loss nor weights', () => {
  const batch = rows(32, (row) => row % 2 === 0);
  const labels = batch.labels.ill?.dataSync() ?? [];
  const spoilt = tf.tensor2d([...labels].map((label, row) => [row % 2 === 0 ? Number.NaN : label]));
  const clean = train(small(), batch, 3);
  const dirty = train(small(), { ...batch, labels: { ...batch.labels, ill: spoilt } }, 3);
  assert.deepEqual(dirty.losses, clean.losses);
  assert.deepEqual(numbers(dirty.state), numbers(clean.state));
});

test('NaN in a labelled row shows in that task’s loss', () => {
  const batch = rows(32);
  const days = tf.fill([32, 1], Number.NaN).as2D(32, 1);
  const { losses } = train(small(), { ...batch, labels: { ...batch.labels, days } }, 1);
  assert.ok(Number.isFinite(losses[0]) && Number.isNaN(losses[1]));
});

test('sample weights count as if the row stood there as often', () => {
  const twice = rows(8);
  const weights = tf.tensor1d([2, 1, 1, 1, 1, 1, 1, 1]);
  const repeat = (tensor: tf.Tensor2D) =>
    tf.concat([tensor, tensor.slice([0, 0], [1, -1])]).as2D(9, tensor.shape[1]);
  const map = (tensors: Readonly<Record<string, tf.Tensor2D>>) =>
    Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, repeat(tensor)]));
  const model = small();
  const state = model.step.initialState();
  const weighted = model.step.evaluate(state, { ...twice, weights }, model.hyper);
  const repeated = model.step.evaluate(
    state,
    {
      inputs: map(twice.inputs),
      labels: map(twice.labels),
      present: { ill: tf.ones([9]), days: tf.ones([9]) },
      weights: tf.ones([9]),
      mask: tf.ones([9]),
    },
    model.hyper,
  );
  assert.deepEqual([...weighted.labelWeights.dataSync()], [...repeated.labelWeights.dataSync()]);
  for (const [index, sum] of [...weighted.lossSums.dataSync()].entries()) {
    assert.ok(Math.abs(sum - (repeated.lossSums.dataSync()[index] ?? 9)) < 1e-4);
  }
});

test('uncertainty weighting learns a larger variance for the larger loss', () => {
  const model = small({ weighting: { uncertainty: { initialLogVariance: 0 } } });
  const batch = rows(64);
  const noisy = tf.mul(batch.labels.days ?? tf.zeros([64, 1]), 5).as2D(64, 1);
  const { state } = train(model, { ...batch, labels: { ...batch.labels, days: noisy } }, 40);
  const [ill = 0, days = 0] = [...(state['weighting/logVariance']?.dataSync() ?? [])];
  assert.ok(days > 0 && days > ill, `${ill} ${days}`);
});

test('a gradient is clipped to the norm of all weights together', () => {
  const optimizer = { sgd: { learningRate: 1, weightDecay: 0 } };
  const { training } = spec;
  const moved = (clipNorm?: number) => {
    const model = small({ training: { ...training, optimizer, clipNorm } });
    const start = numbers(model.step.initialState());
    const { state } = train(model, rows(64), 1);
    const squares = Object.entries(numbers(state))
      .filter(([name]) => name.startsWith('weights/'))
      .flatMap(([name, values]) =>
        values.map((value, index) => (value - (start[name]?.[index] ?? 0)) ** 2),
      );
    return Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
  };
  assert.ok(moved() > 0.5);
  assert.ok(Math.abs(moved(0.1) - 0.1) < 1e-5, String(moved(0.1)));
});
