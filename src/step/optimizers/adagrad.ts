/** @file Adagrad. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { defineOptimizer } from '../define.ts';
import { descend, learningRate, slot, weightDecay } from './weight-decay.ts';

/** As in tfjs. */
const epsilon = 1e-7;

export const adagrad = defineOptimizer({
  name: 'adagrad',
  summary: 'Steps scaled by the sum of all squared gradients so far.',
  reference: 'Duchi, Hazan, Singer 2011, JMLR 12',
  short: 'learningRate',
  options: Type.Object(
    {
      learningRate: learningRate(0.01),
      initialAccumulatorValue: Type.Number({
        description: 'Where the sum of squares starts.',
        minimum: 0,
        default: 0.1,
      }),
      weightDecay: weightDecay(0),
    },
    { additionalProperties: false },
  ),
  // The start of the accumulator is a number too: no other step for another one.
  hyperparameters: ['learningRate', 'initialAccumulatorValue', 'weightDecay'],
  slots: () => ['accumulator'],
  initialSlot: ({ initialAccumulatorValue }) => initialAccumulatorValue,
  update(weight, gradient, slots, _step, hyper) {
    const accumulator = tf.add(slot(slots, 'accumulator'), tf.square(gradient));
    const direction = tf.div(gradient, tf.sqrt(tf.add(accumulator, epsilon)));
    return { weight: descend(weight, direction, hyper), slots: { accumulator } };
  },
});
