/** @file Uncertainty weighting: one learned log-variance per task balances the losses. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { defineWeighting } from '../define.ts';

export const uncertainty = defineWeighting({
  name: 'uncertainty',
  summary: 'Learns how noisy each task is and trusts quiet tasks more.',
  reference: 'Kendall, Gal, Cipolla 2018, arXiv:1705.07115',
  needs: 'losses',
  options: Type.Object(
    {
      initialLogVariance: Type.Number({
        description: 'Where the log-variance of each task starts.',
        default: 0,
      }),
    },
    { additionalProperties: false },
  ),
  // Only `init` uses it, but it is a number and no part of the step.
  hyperparameters: ['initialLogVariance'],
  learned: ['logVariance'],
  init: ({ initialLogVariance }, tasks) => ({
    logVariance: tf.fill([tasks.length], initialLogVariance),
  }),
  // All [task]: Σ factor · loss / variance + ½ · log variance; the factor is ½ for a Gaussian, 1
  // for a softmax.
  combine: (losses, state, { likelihoodFactors }) => {
    const logVariance = logVarianceOf(state);
    const weights = tf.mul(likelihoodFactors, tf.exp(tf.neg(logVariance)));
    return tf.sum(tf.add(tf.mul(weights, losses), tf.mul(0.5, logVariance)));
  },
  weights: (state, likelihoodFactors) =>
    tf.mul(likelihoodFactors, tf.exp(tf.neg(logVarianceOf(state)))),
});

function logVarianceOf({ logVariance }: Readonly<Record<string, tf.Tensor>>): tf.Tensor1D {
  if (!logVariance) throw new Error('internal: uncertainty weighting without its state');
  return logVariance.as1D();
}
