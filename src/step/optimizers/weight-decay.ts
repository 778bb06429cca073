/** @file Decoupled weight decay, which every optimizer offers. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';

/** Loshchilov, Hutter 2019, arXiv:1711.05101 */
export const weightDecay = (byDefault: number) =>
  Type.Number({
    description: 'Shrinks each weight by this part of it times the learning rate, at each step.',
    minimum: 0,
    default: byDefault,
  });

export const learningRate = (byDefault: number) =>
  Type.Number({
    description: 'The length of a step.',
    exclusiveMinimum: 0,
    default: byDefault,
  });

/** weight - learningRate · (direction + decay · weight) */
export const descend = (
  weight: tf.Tensor,
  direction: tf.Tensor,
  hyper: { learningRate: tf.Scalar; weightDecay: tf.Scalar },
): tf.Tensor =>
  tf.sub(weight, tf.mul(hyper.learningRate, tf.add(direction, tf.mul(hyper.weightDecay, weight))));

/** A slot that the step must have been given. */
export function slot(slots: Readonly<Record<string, tf.Tensor>>, name: string): tf.Tensor {
  const tensor = slots[name];
  if (!tensor) throw new Error(`internal: an optimizer without its slot "${name}"`);
  return tensor;
}
