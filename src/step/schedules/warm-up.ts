/** @file A slow start. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { defineSchedule } from '../define.ts';

export const warmUp = defineSchedule({
  name: 'warmUp',
  summary: 'Rises from `start` to 1 over some epochs, then falls along half a cosine to `alpha`.',
  reference: 'Goyal et al. 2017, arXiv:1706.02677',
  options: Type.Object(
    {
      warmUpEpochs: Type.Number({
        description: 'How long it rises.',
        exclusiveMinimum: 0,
        default: 1,
      }),
      start: Type.Number({ description: 'The factor at the start.', minimum: 0, default: 0 }),
      alpha: Type.Number({
        description: 'The factor at the end; 1 stays at 1 after the rise.',
        minimum: 0,
        default: 1,
      }),
    },
    { additionalProperties: false },
  ),
  hyperparameters: ['warmUpEpochs', 'start', 'alpha'],
  factor({ epoch, epochs }, { warmUpEpochs, start, alpha }) {
    const risen = tf.minimum(tf.div(epoch, warmUpEpochs), 1);
    const rise = tf.add(start, tf.mul(tf.sub(1, start), risen));
    const rest = tf.maximum(tf.sub(epochs, warmUpEpochs), 1e-6);
    const part = tf.minimum(tf.div(tf.relu(tf.sub(epoch, warmUpEpochs)), rest), 1);
    const wave = tf.mul(0.5, tf.add(1, tf.cos(tf.mul(Math.PI, part))));
    return tf.mul(rise, tf.add(alpha, tf.mul(tf.sub(1, alpha), wave)));
  },
});
