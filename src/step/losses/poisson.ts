/** @file The loss of counts. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { defineLoss } from '../define.ts';

/** Keeps the logarithm of a rate finite; Keras's epsilon. */
const epsilon = 1e-7;

export const poisson = defineLoss({
  name: 'poisson',
  summary: 'Minus the log-likelihood of a count, up to a constant; the output is a rate above 0.',
  heads: ['regression'],
  likelihoodFactor: 1,
  activation: 'softplus',
  options: Type.Object({}, { additionalProperties: false }),
  hyperparameters: [],
  perRow(raw, labels) {
    const rate = tf.softplus(raw); // [batch, 1]
    return tf.mean(tf.sub(rate, tf.mul(labels, tf.log(tf.add(rate, epsilon)))), 1);
  },
});
