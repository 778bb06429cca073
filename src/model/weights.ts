/** @file A model's weights by name: as tensors, lent to a computation, or written back. */
import type * as tf from '@tensorflow/tfjs';

type LayerVariable = tf.LayersModel['weights'][number];

/** Names as they are saved: `shared/0/dense/kernel`. */
export const weightName = (weight: LayerVariable) => weight.originalName;

/** Copies of the weights that training changes by their gradient. The caller disposes of them. */
export function trainableWeights(model: tf.LayersModel): Record<string, tf.Tensor> {
  return copies(model.trainableWeights);
}

/** Copies of the weights that training changes otherwise: moving averages. */
export function movingAverages(model: tf.LayersModel): Record<string, tf.Tensor> {
  return copies(model.nonTrainableWeights);
}

const copies = (weights: readonly LayerVariable[]) =>
  Object.fromEntries(weights.map((weight) => [weightName(weight), weight.read().clone()]));

/**
 * Runs `compute` while the model's variables stand for these tensors, so that gradients flow to
 * them and nothing is assigned.
 */
export function withWeights<Result>(
  model: tf.LayersModel,
  tensors: Readonly<Record<string, tf.Tensor>>,
  compute: () => Result,
): Result {
  const own = model.weights.map((weight) => ({ weight, value: weight.read() }));
  try {
    for (const { weight } of own) setValue(weight, tensors[weightName(weight)]);
    return compute();
  } finally {
    for (const { weight, value } of own) setValue(weight, value);
  }
}

// A LayerVariable keeps its tensor in `val` and hands it out in `read()`; tfjs offers no way to
// lend it another one for the time of a call.
function setValue(weight: LayerVariable, tensor: tf.Tensor | undefined): void {
  if (!tensor) throw new Error(`internal: no value for the weight ${weightName(weight)}`);
  Reflect.set(weight, 'val', tensor);
}

/** Writes values into the model's own variables, for saving it. */
export function assignWeights(
  model: tf.LayersModel,
  tensors: Readonly<Record<string, tf.Tensor>>,
): void {
  for (const weight of model.weights) {
    const value = tensors[weightName(weight)];
    if (!value) throw new Error(`internal: no value for the weight ${weightName(weight)}`);
    weight.write(value);
  }
}

/** Number of learned weights. */
export const weightCount = (model: tf.LayersModel): number =>
  model.trainableWeights.reduce(
    (sum, { shape }) => sum + shape.reduce<number>((size, axis) => size * (axis ?? 1), 1),
    0,
  );
