/** @file Adam with decoupled weight decay. */
import { Type } from 'typebox';
import { defineOptimizer } from '../define.ts';
import { adam } from './adam.ts';
import { adamOptions } from './adam-update.ts';
import { learningRate, weightDecay } from './weight-decay.ts';

export const adamw = defineOptimizer({
  ...adam,
  name: 'adamw',
  summary: 'Adam with weight decay that does not pass through its scaling.',
  reference: 'Loshchilov, Hutter 2019, arXiv:1711.05101',
  options: Type.Object(
    { learningRate: learningRate(0.001), ...adamOptions, weightDecay: weightDecay(0.004) },
    { additionalProperties: false },
  ),
});
