/** @file The numbers of layers that are arguments of a step: dropout's rate, penalties, … */
import type * as tf from '@tensorflow/tfjs';

type Layer = tf.LayersModel['layers'][number];

/** Numbers of a tfjs layer's configuration that are passed to the step, by the layer's class. */
const numbersOfClass: Readonly<Record<string, readonly string[]>> = {
  Dropout: ['rate'],
  BatchNormalization: ['momentum', 'epsilon'],
  LayerNormalization: ['epsilon'],
};

export const layerNumberName = (layer: string, number: string) => `layers/${layer}/${number}`;

/** `layers/shared/1/dropout/rate`, `layers/shared/0/dense/kernel/l2`. */
export function layerHyperparameters({ layers }: tf.LayersModel): Readonly<Record<string, number>> {
  const each = layers.flatMap((layer) => {
    const config = layer.getConfig();
    const own = (numbersOfClass[layer.getClassName()] ?? []).map((number) => [
      layerNumberName(layer.name, number),
      Number(config[number]),
    ]);
    const penalties = Object.entries(regularizersOf(layer)).flatMap(([weight, { l1, l2 }]) => [
      [layerNumberName(layer.name, `${weight}/l1`), l1],
      [layerNumberName(layer.name, `${weight}/l2`), l2],
    ]);
    return [...own, ...penalties];
  });
  return Object.fromEntries(each);
}

/** A layer's penalties, by the weight that they keep small: `kernel` → { l1, l2 }. */
export function regularizersOf(
  layer: Layer,
): Readonly<Record<string, { readonly l1: number; readonly l2: number }>> {
  const suffix = 'Regularizer';
  const found = Object.entries(layer.getConfig()).flatMap(([key, value]) => {
    if (!key.endsWith(suffix) || typeof value !== 'object' || value === null) return [];
    const { config } = value as { readonly config?: { readonly l1?: number; l2?: number } };
    const { l1 = 0, l2 = 0 } = config ?? {};
    return [[key.slice(0, -suffix.length), { l1, l2 }]];
  });
  return Object.fromEntries(found);
}
