/** @file Squared error. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { defineLoss } from '../define.ts';

export const meanSquaredError = defineLoss({
  name: 'meanSquaredError',
  summary: 'The square of the error.',
  heads: ['regression'],
  likelihoodFactor: 0.5,
  options: Type.Object({}, { additionalProperties: false }),
  hyperparameters: [],
  perRow: (raw, labels) => tf.mean(tf.squaredDifference(raw, labels), 1),
});
