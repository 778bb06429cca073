/** @file The loss of one task in one batch: a mean over the rows that have its label. */
import * as tf from '@tensorflow/tfjs';
import type { Hyperparameters, LossKind } from './define.ts';

export interface TaskBatch {
  /** Outputs before the activation, float32 [batch, column]. */
  readonly raw: tf.Tensor2D;
  /** float32 [batch, column]. */
  readonly labels: tf.Tensor2D;
  /** float32 [batch]: 1 where the row has a label. */
  readonly present: tf.Tensor1D;
  /** float32 [batch]: sample weights. */
  readonly weights: tf.Tensor1D;
}

/** The weighted sum of the rows' losses and the sum of their weights; both 0 without a label. */
export function taskLoss(
  loss: LossKind,
  { raw, labels, present, weights }: TaskBatch,
  classWeights: readonly number[] | null,
  hyper: Hyperparameters,
): { sum: tf.Scalar; weight: tf.Scalar } {
  const isPresent = tf.greater(present, 0); // [batch]
  const everywhere = tf.tile(tf.expandDims(isPresent, 1), [1, raw.shape[1]]);
  // Rows without a label are taken out before the loss and again after it: 0 x NaN is NaN, in the
  // loss and in its gradient.
  const [rows, targets] = [raw, labels].map((tensor) =>
    tf.where(everywhere, tensor, tf.zerosLike(tensor)).as2D(raw.shape[0], raw.shape[1]),
  );
  if (!rows || !targets) throw new Error('internal: a batch without rows');
  const perRow = loss.perRow(rows, targets, hyper); // [batch]
  const classed = classWeights ? tf.mul(perRow, rowClassWeights(targets, classWeights)) : perRow;
  const zeros = tf.zerosLike(present);
  return {
    sum: tf.sum(tf.where(isPresent, tf.mul(classed, weights), zeros)).asScalar(),
    weight: tf.sum(tf.where(isPresent, weights, zeros)).asScalar(),
  };
}

/** [batch]: the weight of each row's class. One column: [negative, positive]. */
function rowClassWeights(labels: tf.Tensor2D, classWeights: readonly number[]): tf.Tensor {
  if (labels.shape[1] > 1) return tf.sum(tf.mul(labels, tf.tensor1d([...classWeights])), 1);
  const [negative = 1, positive = 1] = classWeights;
  const label = labels.as1D();
  return tf.add(tf.mul(label, positive), tf.mul(tf.sub(1, label), negative));
}
