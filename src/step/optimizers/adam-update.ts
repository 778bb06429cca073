/** @file Adam's direction, which adam and adamw follow. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { slot } from './weight-decay.ts';

export const adamOptions = {
  beta1: Type.Number({
    description: 'What is kept of the mean of the gradients at each step.',
    minimum: 0,
    exclusiveMaximum: 1,
    default: 0.9,
  }),
  beta2: Type.Number({
    description: 'What is kept of the mean of their squares at each step.',
    minimum: 0,
    exclusiveMaximum: 1,
    default: 0.999,
  }),
  epsilon: Type.Number({
    description: 'Added to the root of the mean square.',
    exclusiveMinimum: 0,
    default: 1e-7,
  }),
};
export const adamSlots = ['firstMoment', 'secondMoment'] as const;
export const adamHyperparameters = [
  'learningRate',
  'beta1',
  'beta2',
  'epsilon',
  'weightDecay',
] as const;

/** Kingma, Ba 2015, Algorithm 1. `step` counts from 1. */
export function adamDirection(
  gradient: tf.Tensor,
  slots: Readonly<Record<string, tf.Tensor>>,
  step: tf.Scalar,
  { beta1, beta2, epsilon }: Readonly<Record<'beta1' | 'beta2' | 'epsilon', tf.Scalar>>,
): { direction: tf.Tensor; slots: Record<string, tf.Tensor> } {
  const firstMoment = blend(slot(slots, 'firstMoment'), gradient, beta1);
  const secondMoment = blend(slot(slots, 'secondMoment'), tf.square(gradient), beta2);
  // The corrections are scalars: one division each, and not one an element.
  const mean = tf.mul(firstMoment, tf.div(1, tf.sub(1, tf.pow(beta1, step))));
  const square = tf.mul(secondMoment, tf.div(1, tf.sub(1, tf.pow(beta2, step))));
  const direction = tf.div(mean, tf.add(tf.sqrt(square), epsilon));
  return { direction, slots: { firstMoment, secondMoment } };
}

/** keep · old + (1 - keep) · now */
export const blend = (old: tf.Tensor, now: tf.Tensor, keep: tf.Scalar) =>
  tf.add(tf.mul(keep, old), tf.mul(tf.sub(1, keep), now));
