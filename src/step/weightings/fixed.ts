/** @file Fixed weighting: the heads' weights and nothing else. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { defineWeighting } from '../define.ts';

export const fixed = defineWeighting({
  name: 'fixed',
  summary: 'The sum of the task losses, each times its head’s weight.',
  needs: 'losses',
  options: Type.Object({}, { additionalProperties: false }),
  hyperparameters: [],
  learned: [],
  init: () => ({}),
  combine: (losses) => tf.sum(losses),
});
