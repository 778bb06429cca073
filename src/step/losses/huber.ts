/** @file Huber's loss. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { defineLoss } from '../define.ts';

export const huber = defineLoss({
  name: 'huber',
  summary: 'Half the squared error up to `delta`, then straight: bears outliers.',
  reference: 'Huber 1964, Annals of Mathematical Statistics 35',
  heads: ['regression'],
  likelihoodFactor: 0.5,
  short: 'delta',
  options: Type.Object(
    {
      delta: Type.Number({
        description: 'Where the parabola turns into a line, in units of the (transformed) target.',
        exclusiveMinimum: 0,
        default: 1,
      }),
    },
    { additionalProperties: false },
  ),
  hyperparameters: ['delta'],
  perRow(raw, labels, { delta }) {
    const error = tf.abs(tf.sub(raw, labels)); // [batch, 1]
    const near = tf.minimum(error, delta);
    // ½ near² + delta (error - near): one form for both sides, without a branch.
    return tf.mean(tf.add(tf.mul(0.5, tf.square(near)), tf.mul(delta, tf.sub(error, near))), 1);
  },
});
