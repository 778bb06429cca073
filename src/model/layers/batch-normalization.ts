/** @file Batch normalisation. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { defineLayer, formatShape, single } from '../define-layer.ts';
import {
  constraint,
  initializer,
  regularizer,
  toConstraint,
  toInitializer,
  toRegularizer,
} from './weight-options.ts';

export const batchNormalization = defineLayer({
  name: 'batchNormalization',
  summary: 'Scales each feature to mean 0, variance 1 over the batch; moving averages afterwards.',
  reference: 'Ioffe, Szegedy 2015, arXiv:1502.03167',
  options: Type.Object(
    {
      axis: Type.Integer({
        description: 'The axis of the features, counted with the batch.',
        default: -1,
      }),
      momentum: Type.Number({
        description: 'Of the moving averages.',
        minimum: 0,
        maximum: 1,
        default: 0.99,
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
      movingMeanInitializer: initializer('How the moving mean starts.', 'zeros'),
      movingVarianceInitializer: initializer('How the moving variance starts.', 'ones'),
      betaRegularizer: regularizer('A penalty on beta.'),
      gammaRegularizer: regularizer('A penalty on gamma.'),
      betaConstraint: constraint('A bound on beta.'),
      gammaConstraint: constraint('A bound on gamma.'),
    },
    { additionalProperties: false },
  ),
  hyperparameters: ['momentum', 'epsilon'],
  outputShape({ axis }, input) {
    const rank = input.length + 1;
    if (axis === -1 || axis === rank - 1) return { ok: true, shape: input };
    return {
      ok: false,
      expected: `the last axis, -1 or ${rank - 1}, of the input ${formatShape(input)}`,
      came: `axis ${axis}`,
      path: ['axis'],
    };
  },
  apply: (options, input, { name, seedOf }) =>
    single(
      tf.layers
        .batchNormalization({
          name,
          axis: options.axis,
          momentum: options.momentum,
          epsilon: options.epsilon,
          center: options.center,
          scale: options.scale,
          betaInitializer: toInitializer(options.betaInitializer, seedOf('beta')),
          gammaInitializer: toInitializer(options.gammaInitializer, seedOf('gamma')),
          movingMeanInitializer: toInitializer(
            options.movingMeanInitializer,
            seedOf('moving_mean'),
          ),
          movingVarianceInitializer: toInitializer(
            options.movingVarianceInitializer,
            seedOf('moving_variance'),
          ),
          betaRegularizer: toRegularizer(options.betaRegularizer),
          gammaRegularizer: toRegularizer(options.gammaRegularizer),
          betaConstraint: toConstraint(options.betaConstraint),
          gammaConstraint: toConstraint(options.gammaConstraint),
        })
        .apply(input),
    ),
});
