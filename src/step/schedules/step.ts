/** @file Decay in steps. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { defineSchedule } from '../define.ts';

export const step = defineSchedule({
  name: 'step',
  summary: 'Multiplied by `gamma` every `stepSize` epochs.',
  options: Type.Object(
    {
      stepSize: Type.Integer({ description: 'Epochs between two steps.', minimum: 1, default: 10 }),
      gamma: Type.Number({
        description: 'The factor of a step.',
        exclusiveMinimum: 0,
        default: 0.1,
      }),
    },
    { additionalProperties: false },
  ),
  hyperparameters: ['stepSize', 'gamma'],
  factor: ({ epoch }, { stepSize, gamma }) => tf.pow(gamma, tf.floor(tf.div(epoch, stepSize))),
});
