/** @file Gradient clipping. */
import * as tf from '@tensorflow/tfjs';

/** Scales all gradients together down to a norm (Pascanu et al. 2013, arXiv:1211.5063). */
export function clipByGlobalNorm(
  gradients: Readonly<Record<string, tf.Tensor>>,
  norm: tf.Scalar,
): Record<string, tf.Tensor> {
  const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
  const factor = tf.div(norm, tf.maximum(tf.sqrt(tf.addN(squares)), norm));
  return Object.fromEntries(
    Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, factor)]),
  );
}
