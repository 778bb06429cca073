/** @file Stochastic gradient descent. */
import { Type } from 'typebox';
import { defineOptimizer } from '../define.ts';
import { descend, learningRate, weightDecay } from './weight-decay.ts';

export const sgd = defineOptimizer({
  name: 'sgd',
  summary: 'Straight down the gradient.',
  short: 'learningRate',
  options: Type.Object(
    { learningRate: learningRate(0.01), weightDecay: weightDecay(0) },
    { additionalProperties: false },
  ),
  hyperparameters: ['learningRate', 'weightDecay'],
  slots: () => [],
  update: (weight, gradient, _slots, _step, hyper) => ({
    weight: descend(weight, gradient, hyper),
    slots: {},
  }),
});
