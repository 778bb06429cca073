/** @file Tensors by name: `weights/shared/0/dense/kernel`, `optimizer/firstMoment/weights/…`. */
import type * as tf from '@tensorflow/tfjs';

export type NamedTensors = Readonly<Record<string, tf.Tensor>>;

/** Puts a prefix before every name. */
export const prefixed = (prefix: string, tensors: NamedTensors): NamedTensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));

/** Those below a prefix, without it. */
export const below = <Value>(
  prefix: string,
  values: Readonly<Record<string, Value>>,
): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );

/** The value of that name; a missing one is a broken promise. */
export function known<Value>(values: Readonly<Record<string, Value>>, name: string): Value {
  const value = values[name];
  if (value === undefined) throw new Error(`internal: nothing is called "${name}"`);
  return value;
}
