import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findKind } from '../../src/spec/kind.ts';
import { optimizers, schedules } from '../../src/step/index.ts';
import { tf } from './backend.ts';

const target = [3, -2, 0.5];
/** The gradient of ½ Σ scale · (w - target)². */
const scales = [1, 10, 0.1];

/** Our optimizer over some steps. */
function ours(name: string, options: Record<string, number | boolean>, steps: number): number[] {
  const kind = findKind(optimizers, name);
  const numbers = kind.hyperparameters.map((key) => [key, tf.scalar(Number(options[key]))]);
  const hyper = Object.fromEntries(numbers);
  let weight: tf.Tensor = tf.tensor1d([0, 0, 0]);
  let slots = Object.fromEntries(
    kind.slots(options).map((slot) => [slot, tf.fill([3], kind.initialSlot?.(options, slot) ?? 0)]),
  );
  for (let step = 1; step <= steps; step++) {
    const gradient = tf.mul(tf.tensor1d(scales), tf.sub(weight, tf.tensor1d(target)));
    ({ weight, slots } = kind.update(weight, gradient, slots, tf.scalar(step), hyper, options));
  }
  return [...weight.dataSync()];
}

/** tfjs's optimizer of the same name. */
function theirs(optimizer: tf.Optimizer, steps: number): number[] {
  const weight = tf.variable(tf.tensor1d([0, 0, 0]));
  for (let step = 0; step < steps; step++) {
    optimizer.minimize(
      () =>
        tf
          .sum(
            tf.mul(
              tf.mul(0.5, tf.tensor1d(scales)),
              tf.square(tf.sub(weight, tf.tensor1d(target))),
            ),
          )
          .asScalar(),
      false,
      [weight],
    );
  }
  return [...weight.dataSync()];
}

const same: readonly (readonly [string, Record<string, number | boolean>, () => tf.Optimizer])[] = [
  ['sgd', { learningRate: 0.05, weightDecay: 0 }, () => tf.train.sgd(0.05)],
  [
    'momentum',
    { learningRate: 0.02, momentum: 0.9, useNesterov: false, weightDecay: 0 },
    () => tf.train.momentum(0.02, 0.9),
  ],
  [
    'momentum',
    { learningRate: 0.02, momentum: 0.8, useNesterov: true, weightDecay: 0 },
    () => tf.train.momentum(0.02, 0.8, true),
  ],
  [
    'adam',
    { learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-7, weightDecay: 0 },
    () => tf.train.adam(0.1, 0.9, 0.99, 1e-7),
  ],
  [
    'rmsprop',
    {
      learningRate: 0.01,
      decay: 0.9,
      momentum: 0.5,
      epsilon: 1e-7,
      centered: false,
      weightDecay: 0,
    },
    () => tf.train.rmsprop(0.01, 0.9, 0.5, 1e-7),
  ],
  [
    'adagrad',
    { learningRate: 0.5, initialAccumulatorValue: 0.1, weightDecay: 0 },
    () => tf.train.adagrad(0.5, 0.1),
  ],
];
for (const [name, options, make] of same) {
  test(`${name} ${JSON.stringify(options)} goes where tfjs goes, over 60 steps`, () => {
    const [one, other] = [ours(name, options, 60), theirs(make(), 60)];
    for (const [index, value] of one.entries()) {
      assert.ok(Math.abs(value - (other[index] ?? 9)) < 2e-4, `${one} is not ${other}`);
    }
  });
}

test('adamw shrinks weights beside the scaled step, by the equations in float64', () => {
  const options = { learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0.1 };
  const weight = [0, 0, 0];
  const [first, second] = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  for (let step = 1; step <= 40; step++) {
    for (let index = 0; index < 3; index++) {
      const w = weight[index] ?? 0;
      const gradient = (scales[index] ?? 0) * (w - (target[index] ?? 0));
      first[index] = 0.9 * (first[index] ?? 0) + 0.1 * gradient;
      second[index] = 0.999 * (second[index] ?? 0) + 0.001 * gradient ** 2;
      const direction =
        (first[index] ?? 0) /
        (1 - 0.9 ** step) /
        (Math.sqrt((second[index] ?? 0) / (1 - 0.999 ** step)) + 1e-7);
      weight[index] = w - 0.1 * (direction + 0.1 * w);
    }
  }
  for (const [index, value] of ours('adamw', options, 40).entries()) {
    assert.ok(Math.abs(value - (weight[index] ?? 9)) < 1e-4);
  }
});

// tfjs subtracts epsilon where TensorFlow adds it, and ends in NaN: so by the equations instead.
test('centered rmsprop divides by the deviation of the gradient', () => {
  const options = {
    learningRate: 0.01,
    decay: 0.9,
    momentum: 0,
    epsilon: 1e-3,
    centered: true,
    weightDecay: 0,
  };
  const [weight, square, mean] = [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ];
  for (let step = 0; step < 40; step++) {
    for (let index = 0; index < 3; index++) {
      const gradient = (scales[index] ?? 0) * ((weight[index] ?? 0) - (target[index] ?? 0));
      square[index] = 0.9 * (square[index] ?? 0) + 0.1 * gradient ** 2;
      mean[index] = 0.9 * (mean[index] ?? 0) + 0.1 * gradient;
      const deviation = Math.sqrt((square[index] ?? 0) - (mean[index] ?? 0) ** 2 + 1e-3);
      weight[index] = (weight[index] ?? 0) - (0.01 * gradient) / deviation;
    }
  }
  for (const [index, value] of ours('rmsprop', options, 40).entries()) {
    assert.ok(Math.abs(value - (weight[index] ?? 9)) < 1e-4);
  }
});

test('every optimizer was tested', () => {
  const tested = new Set([...same.map(([name]) => name), 'adamw']);
  assert.deepEqual(
    optimizers.map(({ name }) => name).filter((name) => !tested.has(name)),
    [],
  );
});

/** The factor at each epoch of a training of 10. */
function factors(
  name: string,
  options: Record<string, number>,
  epochs: readonly number[],
): number[] {
  const hyper = Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key, tf.scalar(value)]),
  );
  const kind = findKind(schedules, name);
  return epochs.map((epoch) => {
    const [factor = Number.NaN] = kind
      .factor({ epoch: tf.scalar(epoch), epochs: tf.scalar(10) }, hyper)
      .dataSync();
    return Number(factor.toFixed(5));
  });
}

test('schedules are factors of the epoch', () => {
  assert.deepEqual(factors('constant', {}, [0, 5, 10]), [1, 1, 1]);
  assert.deepEqual(factors('cosine', { alpha: 0.1 }, [0, 5, 10]), [1, 0.55, 0.1]);
  assert.deepEqual(factors('exponential', { decayRate: 0.5 }, [0, 1, 2.5]), [
    1,
    0.5,
    Number((0.5 ** 2.5).toFixed(5)),
  ]);
  assert.deepEqual(factors('step', { stepSize: 3, gamma: 0.1 }, [0, 2.9, 3, 7]), [1, 1, 0.1, 0.01]);
  assert.deepEqual(
    factors('warmUp', { warmUpEpochs: 2, start: 0, alpha: 1 }, [0, 1, 2, 9]),
    [0, 0.5, 1, 1],
  );
  assert.deepEqual(
    factors('warmUp', { warmUpEpochs: 2, start: 0.2, alpha: 0 }, [0, 2, 6, 10]),
    [0.2, 1, 0.5, 0],
  );
  assert.equal(schedules.length, 5);
});
