/** @file The numbers of layers that are arguments of a step: dropout's rate, penalties, constraints, … */
import type * as tf from '@tensorflow/tfjs';
import { weightName } from '../model/index.ts';

type Layer = tf.LayersModel['layers'][number];
type Config = Readonly<Record<string, unknown>>;

/** Numbers of a tfjs configuration that are passed to the step, by the class of layer, penalty or constraint. */
const numbersOfClass: Readonly<Record<string, readonly string[]>> = {
  Dropout: ['rate'],
  BatchNormalization: ['momentum', 'epsilon'],
  LayerNormalization: ['epsilon'],
  L1L2: ['l1', 'l2'],
  MaxNorm: ['maxValue'],
  MinMaxNorm: ['minValue', 'maxValue', 'rate'],
};

/** `place` is a layer's name, or that of one of its weights. */
export const layerNumberName = (place: string, number: string) => `layers/${place}/${number}`;

/** `layers/shared/1/dropout/rate`, `layers/shared/0/dense/kernel/l2`. */
export function layerHyperparameters({ layers }: tf.LayersModel): Readonly<Record<string, number>> {
  const each = layers.flatMap((layer) => {
    const parts = [...partsOf(layer, 'Regularizer'), ...partsOf(layer, 'Constraint')];
    return [
      ...numbersIn(layer.name, layer.getClassName(), layer.getConfig()),
      ...parts.flatMap(({ place, kind, config }) => numbersIn(place, kind, config)),
    ];
  });
  return Object.fromEntries(each);
}

const numbersIn = (place: string, kind: string, config: Config) =>
  (numbersOfClass[kind] ?? []).map(
    (number) => [layerNumberName(place, number), Number(config[number])] as const,
  );

/** A penalty or a constraint, and the weight that has it. */
export interface WeightPart {
  /** `shared/0/dense/kernel` */
  readonly place: string;
  readonly weight: Layer['weights'][number];
  /** tfjs's name of its class. */
  readonly kind: string;
  readonly config: Config;
}

/** A layer's penalties or constraints, on the weights that it has: none on the bias of a layer without. */
export function partsOf(layer: Layer, suffix: 'Regularizer' | 'Constraint'): readonly WeightPart[] {
  const layerConfig = layer.getConfig();
  return layer.weights.flatMap((weight) => {
    const place = weightName(weight);
    const name = place.slice(place.lastIndexOf('/') + 1);
    const part = layerConfig[`${name}${suffix}`];
    if (typeof part !== 'object' || part === null) return [];
    // tfjs's way of writing any of its objects down.
    const { className: kind, config } = part as { className: string; config: Config };
    return [{ place, weight, kind, config }];
  });
}
