/** @file Absolute error. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { defineLoss } from '../define.ts';

export const meanAbsoluteError = defineLoss({
  name: 'meanAbsoluteError',
  summary: 'The size of the error: aims at the median, bears outliers.',
  heads: ['regression'],
  // A Laplace likelihood: |error| / scale + ln(scale), so a whole and not half a factor.
  likelihoodFactor: 1,
  options: Type.Object({}, { additionalProperties: false }),
  hyperparameters: [],
  perRow: (raw, labels) => tf.mean(tf.abs(tf.sub(raw, labels)), 1),
});
