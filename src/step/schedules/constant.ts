/** @file No change. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { defineSchedule } from '../define.ts';

export const constant = defineSchedule({
  name: 'constant',
  summary: 'No change.',
  options: Type.Object({}, { additionalProperties: false }),
  hyperparameters: [],
  factor: () => tf.scalar(1),
});
