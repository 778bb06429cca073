/** @file The regularizers' part of the combined loss. */
import * as tf from '@tensorflow/tfjs';
import type { Hyperparameters } from './define.ts';
import { layerNumberName, partsOf } from './layer-hyperparameters.ts';
import { known } from './named-tensors.ts';
import { inPlace } from './place.ts';
import { isTrainedName } from './task-losses.ts';

/** l1 times the sum of absolute values, l2 times the sum of squares, over all weights that have them. */
export function penaltyOf({ layers }: tf.LayersModel, hyper: Hyperparameters): tf.Scalar {
  let total: tf.Tensor = tf.scalar(0);
  for (const layer of layers) {
    for (const { place, weight } of partsOf(layer, 'Regularizer')) {
      total = tf.add(
        total,
        inPlace(place, () => penalty(place, weight.read(), hyper)),
      );
    }
  }
  return total.asScalar();
}

function penalty(place: string, value: tf.Tensor, hyper: Hyperparameters): tf.Tensor {
  const number = (name: string) => known(hyper, layerNumberName(place, name));
  const sum = tf.add(
    tf.mul(number('l1'), tf.sum(tf.abs(value))),
    tf.mul(number('l2'), tf.sum(tf.square(value))),
  );
  const [group, task] = place.split('/');
  const isTrained = group === 'heads' && task ? hyper[isTrainedName(task)] : undefined;
  // A head that only rides along must not move the norm that gradients are clipped to.
  return isTrained ? tf.where(tf.greater(isTrained, 0), sum, tf.zerosLike(sum)) : sum;
}
