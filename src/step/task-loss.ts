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
  /** float32: 0 takes the whole task out. */
  readonly isTrained: tf.Scalar;
  /** float32 [batch]: sample weights. */
  readonly weights: tf.Tensor1D;
}

/** The weighted sum of the rows' losses and the sum of their weights; both 0 without a label. */
export function taskLoss(
  loss: LossKind,
  { raw, labels, present, isTrained, weights }: TaskBatch,
  classWeights: readonly tf.Scalar[],
  hyper: Hyperparameters,
): { sum: tf.Scalar; weight: tf.Scalar } {
  const isPresent = tf.logicalAnd(tf.greater(present, 0), tf.greater(isTrained, 0)); // [batch]
  const everywhere = tf.tile(tf.expandDims(isPresent, 1), [1, raw.shape[1]]);
  // Rows without a label are taken out before the loss and again after it: 0 x NaN is NaN, in the
  // loss and in its gradient.
  const [rows, targets] = [raw, labels].map((tensor) =>
    tf.where(everywhere, tensor, tf.zerosLike(tensor)).as2D(raw.shape[0], raw.shape[1]),
  );
  if (!rows || !targets) throw new Error('internal: a batch without rows');
  const perRow = loss.perRow(rows, targets, hyper); // [batch]
  const classed =
    classWeights.length > 0 ? tf.mul(perRow, rowClassWeights(targets, classWeights)) : perRow;
  const zeros = tf.zerosLike(present);
  return {
    sum: tf.sum(tf.where(isPresent, tf.mul(classed, weights), zeros)).asScalar(),
    weight: tf.sum(tf.where(isPresent, weights, zeros)).asScalar(),
  };
}

/** [batch]: the weight of each row's class. One column: [negative, positive]. */
function rowClassWeights(labels: tf.Tensor2D, classWeights: readonly tf.Scalar[]): tf.Tensor {
  if (labels.shape[1] > 1) return tf.sum(tf.mul(labels, tf.stack([...classWeights])), 1);
  const [negative, positive] = classWeights;
  if (!negative || !positive) throw new Error('internal: two classes without two weights');
  const label = labels.as1D();
  return tf.add(tf.mul(label, positive), tf.mul(tf.sub(1, label), negative));
}
