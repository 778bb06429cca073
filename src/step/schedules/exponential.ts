/** @file Exponential decay. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { defineSchedule } from '../define.ts';

export const exponential = defineSchedule({
  name: 'exponential',
  summary: 'Multiplied by `decayRate` each epoch, smoothly.',
  short: 'decayRate',
  options: Type.Object(
    {
      decayRate: Type.Number({
        description: 'The factor of one epoch.',
        exclusiveMinimum: 0,
        default: 0.9,
      }),
    },
    { additionalProperties: false },
  ),
  hyperparameters: ['decayRate'],
  factor: ({ epoch }, { decayRate }) => tf.pow(decayRate, epoch),
});
