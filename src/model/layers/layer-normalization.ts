/** @file Layer normalisation. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { defineLayer, formatShape, single } from '../define-layer.ts';
import { initializer, regularizer, toInitializer, toRegularizer } from './weight-options.ts';

export const layerNormalization = defineLayer({
  name: 'layerNormalization',
  summary: 'Scales the features of each row to mean 0, variance 1.',
  reference: 'Ba, Kiros, Hinton 2016, arXiv:1607.06450',
  options: Type.Object(
    {
      axis: Type.Integer({
        description: 'The axis of the features, counted with the batch.',
        default: -1,
      }),
      epsilon: Type.Number({
        description: 'Added to the variance.',
        exclusiveMinimum: 0,
        default: 0.001,
      }),
      center: Type.Boolean({ description: 'Whether to add a learned beta.', default: true }),
      scale: Type.Boolean({
        description: 'Whether to multiply by a learned gamma.',
        default: true,
      }),
      betaInitializer: initializer('How beta starts.', 'zeros'),
      gammaInitializer: initializer('How gamma starts.', 'ones'),
      betaRegularizer: regularizer('A penalty on beta.'),
      gammaRegularizer: regularizer('A penalty on gamma.'),
    },
    { additionalProperties: false },
  ),
  hyperparameters: ['epsilon'],
  outputShape({ axis }, input) {
    const rank = input.length + 1;
    if (axis >= -input.length && axis !== 0 && axis < rank) return { ok: true, shape: input };
    return {
      ok: false,
      expected: `an axis of the input ${formatShape(input)}, from 1 to ${rank - 1} or -1`,
      came: `axis ${axis}`,
      path: ['axis'],
    };
  },
  apply: (options, input, { name, seedOf }) =>
    single(
      tf.layers
        .layerNormalization({
          name,
          axis: options.axis,
          epsilon: options.epsilon,
          center: options.center,
          scale: options.scale,
          betaInitializer: toInitializer(options.betaInitializer, seedOf('beta')),
          gammaInitializer: toInitializer(options.gammaInitializer, seedOf('gamma')),
          betaRegularizer: toRegularizer(options.betaRegularizer),
          gammaRegularizer: toRegularizer(options.gammaRegularizer),
        })
        .apply(input),
    ),
});
