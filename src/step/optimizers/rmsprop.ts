/** @file RMSProp. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { defineOptimizer } from '../define.ts';
import { blend } from './adam-update.ts';
import { learningRate, slot, weightDecay } from './weight-decay.ts';

export const rmsprop = defineOptimizer({
  name: 'rmsprop',
  summary: 'Steps scaled by a running mean of the squared gradient.',
  reference: 'Tieleman, Hinton 2012, Coursera lecture 6.5',
  short: 'learningRate',
  options: Type.Object(
    {
      learningRate: learningRate(0.001),
      decay: Type.Number({
        description: 'What is kept of the mean square at each step.',
        minimum: 0,
        exclusiveMaximum: 1,
        default: 0.9,
      }),
      momentum: Type.Number({
        description: 'What is kept of the last step.',
        minimum: 0,
        exclusiveMaximum: 1,
        default: 0,
      }),
      epsilon: Type.Number({
        description: 'Added to the mean square.',
        exclusiveMinimum: 0,
        default: 1e-7,
      }),
      centered: Type.Boolean({
        description: 'Scale by the variance of the gradient, not its mean square.',
        default: false,
      }),
      weightDecay: weightDecay(0),
    },
    { additionalProperties: false },
  ),
  hyperparameters: ['learningRate', 'decay', 'momentum', 'epsilon', 'weightDecay'],
  slots: ({ centered }) => ['meanSquare', 'moments', ...(centered ? ['meanGradient'] : [])],
  update(weight, gradient, slots, _step, hyper, { centered }) {
    const meanSquare = blend(slot(slots, 'meanSquare'), tf.square(gradient), hyper.decay);
    const meanGradient = centered
      ? blend(slot(slots, 'meanGradient'), gradient, hyper.decay)
      : undefined;
    const variance = meanGradient ? tf.sub(meanSquare, tf.square(meanGradient)) : meanSquare;
    const scaled = tf.div(
      tf.mul(hyper.learningRate, gradient),
      tf.sqrt(tf.add(variance, hyper.epsilon)),
    );
    const moments = tf.add(tf.mul(hyper.momentum, slot(slots, 'moments')), scaled);
    const decay = tf.mul(tf.mul(hyper.learningRate, hyper.weightDecay), weight);
    return {
      weight: tf.sub(weight, tf.add(moments, decay)),
      slots: { meanSquare, moments, ...(meanGradient ? { meanGradient } : {}) },
    };
  },
});
