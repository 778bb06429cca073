/** @file Half a cosine wave. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { defineSchedule } from '../define.ts';

export const cosine = defineSchedule({
  name: 'cosine',
  summary: 'Falls along half a cosine wave from 1 to `alpha` over the whole training.',
  reference: 'Loshchilov, Hutter 2017, arXiv:1608.03983',
  short: 'alpha',
  options: Type.Object(
    {
      alpha: Type.Number({ description: 'The factor at the end.', minimum: 0, default: 0 }),
    },
    { additionalProperties: false },
  ),
  hyperparameters: ['alpha'],
  factor({ epoch, epochs }, { alpha }) {
    const part = tf.minimum(tf.div(epoch, epochs), 1);
    const wave = tf.mul(0.5, tf.add(1, tf.cos(tf.mul(Math.PI, part))));
    return tf.add(alpha, tf.mul(tf.sub(1, alpha), wave));
  },
});
