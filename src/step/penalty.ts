/** @file The regularizers' part of the combined loss. */
import * as tf from '@tensorflow/tfjs';
import type { Hyperparameters } from './define.ts';
import { layerNumberName, regularizersOf } from './layer-hyperparameters.ts';
import { known } from './named-tensors.ts';
import { inPlace } from './place.ts';
import { isTrainedName } from './task-losses.ts';

/** l1 times the sum of absolute values, l2 times the sum of squares, over all weights that have them. */
export function penaltyOf({ layers }: tf.LayersModel, hyper: Hyperparameters): tf.Scalar {
  let total: tf.Tensor = tf.scalar(0);
  for (const layer of layers) {
    for (const weight of Object.keys(regularizersOf(layer))) {
      const name = `${layer.name}/${weight}`;
      const variable = layer.weights.find(({ originalName }) => originalName === name);
      if (!variable) throw new Error(`internal: a penalty on ${name}, which is not there`);
      total = tf.add(
        total,
        inPlace(name, () => penalty(layer.name, weight, variable.read(), hyper)),
      );
    }
  }
  return total.asScalar();
}

function penalty(
  layer: string,
  weight: string,
  value: tf.Tensor,
  hyper: Hyperparameters,
): tf.Tensor {
  const number = (name: string) => known(hyper, layerNumberName(layer, `${weight}/${name}`));
  const sum = tf.add(
    tf.mul(number('l1'), tf.sum(tf.abs(value))),
    tf.mul(number('l2'), tf.sum(tf.square(value))),
  );
  const [place, task] = layer.split('/');
  const isTrained = place === 'heads' && task ? hyper[isTrainedName(task)] : undefined;
  // A head that only rides along must not move the norm that gradients are clipped to.
  return isTrained ? tf.where(tf.greater(isTrained, 0), sum, tf.zerosLike(sum)) : sum;
}
