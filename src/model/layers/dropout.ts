/** @file Dropout. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { defineLayer, single } from '../define-layer.ts';

export const dropout = defineLayer({
  name: 'dropout',
  summary: 'Sets a random part of its inputs to zero while training; seeded.',
  reference: 'Srivastava et al. 2014, JMLR 15',
  short: 'rate',
  options: Type.Object(
    {
      rate: Type.Number({
        description: 'The part that is set to zero.',
        minimum: 0,
        exclusiveMaximum: 1,
      }),
    },
    { additionalProperties: false },
  ),
  hyperparameters: ['rate'],
  outputShape: (_, input) => ({ ok: true, shape: input }),
  apply: ({ rate }, input, { name }) => single(tf.layers.dropout({ name, rate }).apply(input)),
});
