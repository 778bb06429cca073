/** @file Gradient descent with momentum. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { defineOptimizer } from '../define.ts';
import { descend, learningRate, slot, weightDecay } from './weight-decay.ts';

export const momentum = defineOptimizer({
  name: 'momentum',
  summary: 'Down a running sum of gradients.',
  reference: 'Sutskever et al. 2013, ICML',
  short: 'learningRate',
  options: Type.Object(
    {
      learningRate: learningRate(0.01),
      momentum: Type.Number({
        description: 'What is kept of the sum at each step.',
        minimum: 0,
        exclusiveMaximum: 1,
        default: 0.9,
      }),
      useNesterov: Type.Boolean({ description: 'Look one step ahead.', default: false }),
      weightDecay: weightDecay(0),
    },
    { additionalProperties: false },
  ),
  hyperparameters: ['learningRate', 'momentum', 'weightDecay'],
  slots: () => ['accumulation'],
  update(weight, gradient, slots, _step, hyper, { useNesterov }) {
    const accumulation = tf.add(tf.mul(hyper.momentum, slot(slots, 'accumulation')), gradient);
    const direction = useNesterov
      ? tf.add(gradient, tf.mul(hyper.momentum, accumulation))
      : accumulation;
    return { weight: descend(weight, direction, hyper), slots: { accumulation } };
  },
});
