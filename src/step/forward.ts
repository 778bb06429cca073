/** @file A model as a pure function: nothing is assigned, and nothing is drawn in JavaScript. */
import * as tf from '@tensorflow/tfjs';
import { type BuiltModel, withWeights } from '../model/index.ts';
import { seedOf } from '../plan/random.ts';
import type { Hyperparameters } from './define.ts';
import { layerNumberName } from './layer-hyperparameters.ts';
import { normalizeByAverages, normalizeByBatch, normalizeRows } from './normalize.ts';
import { penaltyOf } from './penalty.ts';
import { inPlace } from './place.ts';
import { uniform } from './random-bits.ts';

export interface ForwardRequest {
  /** Weights and moving averages by name. */
  readonly weights: Readonly<Record<string, tf.Tensor>>;
  /** By the model's input names: [batch, column]. */
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  /** float32 [batch]: 0 where a row only fills the batch up. */
  readonly mask: tf.Tensor1D;
  /** null: as at prediction, without dropout and with moving averages. int32 scalars. */
  readonly training: { readonly seed: tf.Scalar; readonly step: tf.Scalar } | null;
  readonly hyper: Hyperparameters;
}
export interface ForwardResult {
  /** Head → outputs before the activation: [batch, column]. */
  readonly raw: Readonly<Record<string, tf.Tensor2D>>;
  /** Head → predictions, in the unit that the model is trained on: [batch, column]. */
  readonly predictions: Readonly<Record<string, tf.Tensor2D>>;
  /** Moving averages after this batch; empty at prediction. */
  readonly averages: Readonly<Record<string, tf.Tensor>>;
  /** The sum of the layers' regularizers. */
  readonly penalty: tf.Scalar;
}

type Layer = tf.LayersModel['layers'][number];

/** Call it in a `tf.tidy`, or within a gradient. */
export function forward(built: BuiltModel, request: ForwardRequest): ForwardResult {
  const { model, tasks, rawLayers, predictionLayers } = built;
  const { hyper } = request;
  return withWeights(model, request.weights, () => {
    const outputs = new Map<number, tf.Tensor>();
    const averages: Record<string, tf.Tensor> = {};
    const byLayer = new Map<string, tf.Tensor>();
    // Layers stand in topological order, each is applied once.
    for (const layer of model.layers) {
      const output = inPlace(layer.name, () => applyLayer(layer, outputs, request, averages));
      byLayer.set(layer.name, output);
      for (const symbol of [layer.output].flat()) outputs.set(symbol.id, output);
    }
    const pick = (layers: Readonly<Record<string, string>>) =>
      Object.fromEntries(tasks.map((task) => [task, matrix(byLayer.get(layers[task] ?? ''))]));
    const predictions = pick(predictionLayers);
    return { raw: pick(rawLayers), predictions, averages, penalty: penaltyOf(model, hyper) };
  });
}

function matrix(tensor: tf.Tensor | undefined): tf.Tensor2D {
  const [rows, columns] = tensor?.shape ?? [];
  if (!tensor || rows === undefined || columns === undefined) {
    throw new Error('internal: a head without an output [batch, column]');
  }
  return tensor.as2D(rows, columns);
}

function applyLayer(
  layer: Layer,
  outputs: ReadonlyMap<number, tf.Tensor>,
  request: ForwardRequest,
  averages: Record<string, tf.Tensor>,
): tf.Tensor {
  const kind = layer.getClassName();
  if (kind === 'InputLayer') return known(request.inputs[layer.name], layer.name);
  const inputs = [layer.input].flat().map((symbol) => known(outputs.get(symbol.id), layer.name));
  const [input] = inputs;
  if (!input) throw new Error(`internal: the layer ${layer.name} has no input`);
  const { training, hyper, mask } = request;
  if (kind === 'Dropout') return training ? dropout(layer.name, input, training, hyper) : input;
  if (kind === 'LayerNormalization') return normalizeRows(layer, input, hyper);
  if (kind === 'BatchNormalization' && !training) return normalizeByAverages(layer, input, hyper);
  if (kind === 'BatchNormalization') {
    const normalized = normalizeByBatch(layer, input, mask, hyper);
    Object.assign(averages, normalized.averages);
    return normalized.output;
  }
  const output = layer.call(inputs.length === 1 ? input : inputs, {});
  return known(Array.isArray(output) ? output[0] : output, layer.name);
}

function known(tensor: tf.Tensor | undefined, layer: string): tf.Tensor {
  if (!tensor) throw new Error(`internal: the layer ${layer} lacks a tensor`);
  return tensor;
}

function dropout(
  layer: string,
  input: tf.Tensor,
  { seed, step }: NonNullable<ForwardRequest['training']>,
  hyper: Hyperparameters,
): tf.Tensor {
  const rate = known(hyper[layerNumberName(layer, 'rate')], layer);
  const keep = tf.greaterEqual(uniform(input.shape, seed, step, seedOf(layer)), rate);
  return tf.where(keep, tf.div(input, tf.sub(1, rate)), tf.zerosLike(input));
}
