/** @file Binary cross-entropy, from raw outputs. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { defineLoss } from '../define.ts';
import { labelSmoothing } from './label-smoothing.ts';

export const binaryCrossentropy = defineLoss({
  name: 'binaryCrossentropy',
  summary: 'Minus the log-likelihood of yes or no; the mean over labels for multilabel.',
  heads: ['binary', 'multilabel'],
  likelihoodFactor: 1,
  options: Type.Object({ labelSmoothing }, { additionalProperties: false }),
  hyperparameters: ['labelSmoothing'],
  perRow(raw, labels, { labelSmoothing: smoothing }) {
    const target = tf.add(tf.mul(labels, tf.sub(1, smoothing)), tf.mul(0.5, smoothing));
    // max(x, 0) - x z + log(1 + exp(-|x|)) does not overflow for any x.
    const losses = tf.add(
      tf.sub(tf.relu(raw), tf.mul(raw, target)),
      tf.log1p(tf.exp(tf.neg(tf.abs(raw)))),
    ); // [batch, label]
    return tf.mean(losses, 1);
  },
});
