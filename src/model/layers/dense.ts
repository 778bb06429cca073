/** @file The fully connected layer. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { defineLayer, single } from '../define-layer.ts';
import {
  activation,
  constraint,
  initializer,
  regularizer,
  toConstraint,
  toInitializer,
  toRegularizer,
} from './weight-options.ts';

export const dense = defineLayer({
  name: 'dense',
  summary: 'Every output is an activation of a weighted sum of all inputs.',
  short: 'units',
  options: Type.Object(
    {
      units: Type.Integer({ description: 'Number of outputs.', minimum: 1 }),
      activation: activation('What is made of the sums.', 'linear'),
      useBias: Type.Boolean({ description: 'Whether to add a learned bias.', default: true }),
      kernelInitializer: initializer('How the weights start.', 'glorotUniform'),
      biasInitializer: initializer('How the bias starts.', 'zeros'),
      kernelRegularizer: regularizer('A penalty on the weights: `{ l2: 0.001 }`.'),
      biasRegularizer: regularizer('A penalty on the bias.'),
      kernelConstraint: constraint('A bound on the weights, kept after each step.'),
      biasConstraint: constraint('A bound on the bias.'),
    },
    { additionalProperties: false },
  ),
  outputShape: ({ units }, input) => ({ ok: true, shape: [...input.slice(0, -1), units] }),
  apply: (options, input, { name, seedOf }) =>
    single(
      tf.layers
        .dense({
          name,
          units: options.units,
          activation: options.activation,
          useBias: options.useBias,
          kernelInitializer: toInitializer(options.kernelInitializer, seedOf('kernel')),
          biasInitializer: toInitializer(options.biasInitializer, seedOf('bias')),
          kernelRegularizer: toRegularizer(options.kernelRegularizer),
          biasRegularizer: toRegularizer(options.biasRegularizer),
          kernelConstraint: toConstraint(options.kernelConstraint),
          biasConstraint: toConstraint(options.biasConstraint),
        })
        .apply(input),
    ),
});
