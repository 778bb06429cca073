/** @file An activation as a layer of its own. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { words } from '../../spec/schema/slots.ts';
import { defineLayer, single } from '../define-layer.ts';
import { activationNames } from './weight-options.ts';

export const activation = defineLayer({
  name: 'activation',
  summary: 'Applies an activation to each input.',
  short: 'activation',
  options: Type.Object(
    { activation: words(activationNames, { description: 'Which one.' }) },
    { additionalProperties: false },
  ),
  outputShape: (_, input) => ({ ok: true, shape: input }),
  apply: (options, input, { name }) =>
    single(tf.layers.activation({ name, activation: options.activation }).apply(input)),
});
