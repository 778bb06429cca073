/** @file Batch and layer normalisation as pure functions: moments in, moving averages out. */
import * as tf from '@tensorflow/tfjs';
import type { Hyperparameters } from './define.ts';
import { layerNumberName } from './layer-hyperparameters.ts';
import { known } from './named-tensors.ts';

type Layer = tf.LayersModel['layers'][number];
interface Moments {
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
}

const weightOf = (layer: Layer, name: string) =>
  layer.weights.find(({ originalName }) => originalName === `${layer.name}/${name}`);

/** [batch, feature], by the moments of the batch's rows; and the moving averages after it. */
export function normalizeByBatch(
  layer: Layer,
  input: tf.Tensor,
  mask: tf.Tensor1D,
  hyper: Hyperparameters,
): { output: tf.Tensor; averages: Readonly<Record<string, tf.Tensor>> } {
  const moments = maskedMoments(input, mask);
  const momentum = known(hyper, layerNumberName(layer.name, 'momentum'));
  const averages: Record<string, tf.Tensor> = {};
  for (const [name, now] of [
    ['moving_mean', moments.mean],
    ['moving_variance', moments.variance],
  ] as const) {
    const average = weightOf(layer, name);
    if (!average) continue;
    const kept = tf.mul(average.read(), momentum);
    averages[average.originalName] = tf.add(kept, tf.mul(now, tf.sub(1, momentum)));
  }
  return { output: scaled(layer, input, moments, hyper), averages };
}

/** [batch, feature], by the moving averages: as at prediction. */
export function normalizeByAverages(
  layer: Layer,
  input: tf.Tensor,
  hyper: Hyperparameters,
): tf.Tensor {
  const [mean, variance] = [weightOf(layer, 'moving_mean'), weightOf(layer, 'moving_variance')];
  if (!mean || !variance) throw new Error(`internal: ${layer.name} has no moving averages`);
  return scaled(layer, input, { mean: mean.read(), variance: variance.read() }, hyper);
}

/** [batch, feature], each row by its own moments. */
export function normalizeRows(layer: Layer, input: tf.Tensor, hyper: Hyperparameters): tf.Tensor {
  const mean = tf.mean(input, -1, true);
  const variance = tf.mean(tf.square(tf.sub(input, mean)), -1, true);
  return scaled(layer, input, { mean, variance }, hyper);
}

function scaled(
  layer: Layer,
  input: tf.Tensor,
  { mean, variance }: Moments,
  hyper: Hyperparameters,
): tf.Tensor {
  const epsilon = known(hyper, layerNumberName(layer.name, 'epsilon'));
  const normal = tf.div(tf.sub(input, mean), tf.sqrt(tf.add(variance, epsilon)));
  const [gamma, beta] = [weightOf(layer, 'gamma'), weightOf(layer, 'beta')];
  const stretched = gamma ? tf.mul(normal, gamma.read()) : normal;
  return beta ? tf.add(stretched, beta.read()) : stretched;
}

/** [feature]: over the rows of the batch that are no filling. */
function maskedMoments(input: tf.Tensor, mask: tf.Tensor1D): Moments {
  const rows = tf.expandDims(mask, 1); // [batch, 1]
  const count = tf.sum(mask);
  const mean = tf.div(tf.sum(tf.mul(input, rows), 0), count);
  const squares = tf.mul(tf.square(tf.sub(input, mean)), rows);
  return { mean, variance: tf.div(tf.sum(squares, 0), count) };
}
