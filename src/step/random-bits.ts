/** @file Random numbers inside a step: an integer hash in plain operations, the same on all engines. */
import * as tf from '@tensorflow/tfjs';

const int = (value: number) => tf.scalar(value | 0, 'int32');

/** x >>> bits, on int32 tensors. */
const shiftRight = (x: tf.Tensor, bits: number) =>
  tf.mod(tf.floorDiv(x, int(2 ** bits)), int(2 ** (32 - bits)));

/** a ^ b = a + b - 2 (a & b), where int32 wraps around. */
const xor = (a: tf.Tensor, b: tf.Tensor) =>
  tf.sub(tf.add(a, b), tf.mul(int(2), tf.bitwiseAnd(a, b)));

/** The hash lowbias32 (Wellons 2018): int32 in, int32 out, any shape. */
export function hash32(x: tf.Tensor): tf.Tensor {
  const first = tf.mul(xor(x, shiftRight(x, 16)), int(0x7feb352d));
  const second = tf.mul(xor(first, shiftRight(first, 15)), int(0x846ca68b));
  return xor(second, shiftRight(second, 16));
}

/**
 * Uniform float32 in [0, 1) of a shape, 24 bits fine, from (seed, step, salt, place): `seed` and
 * `step` are int32 scalars, `salt` tells apart who draws.
 */
export function uniform(
  shape: readonly number[],
  seed: tf.Scalar,
  step: tf.Scalar,
  salt: number,
): tf.Tensor {
  const size = shape.reduce((product, axis) => product * axis, 1);
  const key = hash32(tf.add(tf.add(seed, int(salt)), tf.mul(step, int(0x9e3779b9))));
  const bits = hash32(tf.add(tf.range(0, size, 1, 'int32'), key));
  return tf.mul(tf.cast(shiftRight(bits, 8), 'float32'), 2 ** -24).reshape([...shape]);
}
