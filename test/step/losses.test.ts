import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosen, findKind } from '../../src/spec/kind.ts';
import { losses } from '../../src/step/index.ts';
import { taskLoss } from '../../src/step/task-loss.ts';
import { tf } from './backend.ts';

/** The loss of each row. */
function perRow(
  name: string,
  raw: number[][],
  labels: number[][],
  hyper: Record<string, number> = {},
): number[] {
  const scalars = Object.fromEntries(
    Object.entries(hyper).map(([key, value]) => [key, tf.scalar(value)]),
  );
  const result = findKind(losses, name).perRow(tf.tensor2d(raw), tf.tensor2d(labels), scalars);
  return [...result.dataSync()];
}
const close = (actual: readonly number[], expected: readonly number[]) => {
  assert.equal(actual.length, expected.length);
  for (const [index, value] of actual.entries()) {
    assert.ok(
      Math.abs(value - (expected[index] ?? Number.NaN)) < 1e-5,
      `${actual} is not ${expected}`,
    );
  }
};

// Expected numbers are worked out by hand from the definitions.
test('binary cross-entropy starts from raw outputs and does not overflow', () => {
  close(perRow('binaryCrossentropy', [[0], [2], [-2]], [[1], [1], [1]], { labelSmoothing: 0 }), [
    Math.LN2,
    Math.log1p(Math.exp(-2)),
    Math.log1p(Math.exp(2)),
  ]);
  close(
    perRow('binaryCrossentropy', [[200], [-200]], [[0], [1]], { labelSmoothing: 0 }),
    [200, 200],
  );
});

test('label smoothing moves labels towards a half', () => {
  // Label 1 becomes 0.9: 0.9 · ln(1 + e^-2) + 0.1 · ln(1 + e^2)
  close(perRow('binaryCrossentropy', [[2]], [[1]], { labelSmoothing: 0.2 }), [
    0.9 * Math.log1p(Math.exp(-2)) + 0.1 * Math.log1p(Math.exp(2)),
  ]);
});

test('categorical cross-entropy is minus the log of the class’s softmax', () => {
  const sum = Math.exp(1) + Math.exp(2) + Math.exp(3);
  close(perRow('categoricalCrossentropy', [[1, 2, 3]], [[0, 0, 1]], { labelSmoothing: 0 }), [
    Math.log(sum) - 3,
  ]);
  // Smoothed by 0.3 over 3 classes: 0.8 for the class, 0.1 for the others.
  close(perRow('categoricalCrossentropy', [[1, 2, 3]], [[0, 0, 1]], { labelSmoothing: 0.3 }), [
    Math.log(sum) - (0.1 * 1 + 0.1 * 2 + 0.8 * 3),
  ]);
});

test('squared, absolute and Huber loss', () => {
  close(perRow('meanSquaredError', [[3]], [[1]]), [4]);
  close(perRow('meanAbsoluteError', [[3]], [[1]]), [2]);
  // Within delta: ½ · 0.5²; beyond: delta · (|error| - ½ delta)
  close(perRow('huber', [[0.5], [3]], [[0], [0]], { delta: 1 }), [0.125, 2.5]);
  close(perRow('huber', [[3]], [[0]], { delta: 2 }), [4]);
});

test('the poisson loss is the rate minus the count times its logarithm', () => {
  const rate = Math.log1p(Math.exp(0.5));
  close(perRow('poisson', [[0.5]], [[3]]), [rate - 3 * Math.log(rate + 1e-7)]);
});

test('every loss has a finite gradient where a row has no label', () => {
  for (const loss of losses) {
    const hyper = { delta: tf.scalar(1), labelSmoothing: tf.scalar(0) };
    const columns = loss.heads.includes('multiclass') ? 3 : 1;
    const labels = tf.fill([2, columns], 1).as2D(2, columns);
    const spoilt = tf
      .concat([labels.slice([0, 0], [1, -1]), tf.fill([1, columns], Number.NaN)])
      .as2D(2, columns);
    const batch = {
      labels: spoilt,
      present: tf.tensor1d([1, 0]),
      weights: tf.ones<tf.Rank.R1>([2]),
      isTrained: tf.scalar(1),
    };
    const gradient = tf.grad(
      (raw) => taskLoss(loss, { ...batch, raw: raw.as2D(2, columns) }, [], hyper).sum,
    );
    const values = gradient(
      tf.tensor2d([new Array(columns).fill(0.5), new Array(columns).fill(1e30)]),
    ).dataSync();
    assert.ok(values.every(Number.isFinite), `${loss.name}: ${values}`);
    assert.ok(
      [...values].slice(columns).every((value) => value === 0),
      loss.name,
    );
  }
});

test('class weights multiply the losses of their class', () => {
  const loss = findKind(losses, 'binaryCrossentropy');
  const batch = {
    raw: tf.tensor2d([[0], [0]]),
    labels: tf.tensor2d([[0], [1]]),
    present: tf.ones<tf.Rank.R1>([2]),
    weights: tf.ones<tf.Rank.R1>([2]),
    isTrained: tf.scalar(1),
  };
  const classWeights = [tf.scalar(1), tf.scalar(5)];
  const { sum, weight } = taskLoss(loss, batch, classWeights, { labelSmoothing: tf.scalar(0) });
  close([...sum.dataSync(), ...weight.dataSync()], [6 * Math.LN2, 2]);
});

test('a choice of two kinds is no choice', () => {
  assert.deepEqual(chosen({ huber: { delta: 2 } }), { name: 'huber', options: { delta: 2 } });
});
