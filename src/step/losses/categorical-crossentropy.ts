/** @file Categorical cross-entropy, from raw outputs. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { defineLoss } from '../define.ts';
import { labelSmoothing } from './label-smoothing.ts';

export const categoricalCrossentropy = defineLoss({
  name: 'categoricalCrossentropy',
  summary: 'Minus the log-likelihood of the class.',
  heads: ['multiclass'],
  likelihoodFactor: 1,
  options: Type.Object({ labelSmoothing }, { additionalProperties: false }),
  hyperparameters: ['labelSmoothing'],
  perRow(raw, labels, { labelSmoothing: smoothing }) {
    const classes = raw.shape[1];
    const target = tf.add(tf.mul(labels, tf.sub(1, smoothing)), tf.div(smoothing, classes));
    return tf.neg(tf.sum(tf.mul(target, tf.logSoftmax(raw)), 1)); // [batch]
  },
});
