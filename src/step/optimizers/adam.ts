/** @file Adam. */
import { Type } from 'typebox';
import { defineOptimizer } from '../define.ts';
import { adamDirection, adamHyperparameters, adamOptions, adamSlots } from './adam-update.ts';
import { descend, learningRate, weightDecay } from './weight-decay.ts';

export const adam = defineOptimizer({
  name: 'adam',
  summary: 'Steps scaled by running means of the gradient and of its square.',
  reference: 'Kingma, Ba 2015, arXiv:1412.6980',
  short: 'learningRate',
  options: Type.Object(
    { learningRate: learningRate(0.001), ...adamOptions, weightDecay: weightDecay(0) },
    { additionalProperties: false },
  ),
  hyperparameters: adamHyperparameters,
  slots: () => adamSlots,
  update(weight, gradient, slots, step, hyper) {
    const { direction, slots: next } = adamDirection(gradient, slots, step, hyper);
    return { weight: descend(weight, direction, hyper), slots: next };
  },
});
