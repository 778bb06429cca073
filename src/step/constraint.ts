/** @file What weights are kept to after each step: tfjs's constraints, their numbers arguments of the step. */
import * as tf from '@tensorflow/tfjs';
import type { Hyperparameters } from './define.ts';
import { layerNumberName, partsOf } from './layer-hyperparameters.ts';
import { known } from './named-tensors.ts';

/** A number of the constraint, by its name. */
type NumberOf = (name: string) => tf.Scalar;
type Constraint = (weight: tf.Tensor, axis: number, number: NumberOf) => tf.Tensor;

/** As in tfjs. */
const epsilon = 1e-7;

/** By the names of tfjs's classes. */
const constraints: Readonly<Record<string, Constraint>> = {
  MaxNorm: (weight, axis, number) => {
    const norms = normsOf(weight, axis);
    return scaled(weight, norms, tf.minimum(norms, number('maxValue')));
  },
  MinMaxNorm: (weight, axis, number) => {
    const norms = normsOf(weight, axis);
    const nearest = tf.maximum(tf.minimum(norms, number('maxValue')), number('minValue'));
    const rate = number('rate');
    return scaled(weight, norms, tf.add(tf.mul(rate, nearest), tf.mul(tf.sub(1, rate), norms)));
  },
  NonNeg: (weight) => tf.relu(weight),
  UnitNorm: (weight, axis) => tf.div(weight, tf.add(epsilon, normsOf(weight, axis))),
};

const normsOf = (weight: tf.Tensor, axis: number) =>
  tf.sqrt(tf.sum(tf.mul(weight, weight), axis, true));
const scaled = (weight: tf.Tensor, norms: tf.Tensor, wanted: tf.Tensor) =>
  tf.mul(weight, tf.div(wanted, tf.add(epsilon, norms)));

/** The bounds of a model's weights, by weight. */
export function constraintsOf({
  layers,
}: tf.LayersModel): Readonly<
  Record<string, (weight: tf.Tensor, hyper: Hyperparameters) => tf.Tensor>
> {
  const parts = layers.flatMap((layer) => partsOf(layer, 'Constraint'));
  const each = parts.map(({ place, kind, config }) => {
    const constraint = known(constraints, kind);
    const apply = (weight: tf.Tensor, hyper: Hyperparameters) =>
      constraint(weight, Number(config.axis), (name) => known(hyper, layerNumberName(place, name)));
    return [place, apply] as const;
  });
  return Object.fromEntries(each);
}
