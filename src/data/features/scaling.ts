/** @file Impute, transform, scale: what one column of numbers goes through, in this order. */

import type { DenseSlot } from './dense-slot.ts';
import { momentsOf, presentValues, quantileOf } from './statistics.ts';

export type Scale = 'none' | 'standard' | 'minMax' | 'robust';
export type Impute = 'mean' | 'median' | { readonly constant: number };

/** `(transform(value ?? fill) - center) / spread` */
export interface Scaling {
  readonly fill: number;
  readonly log1p: boolean;
  readonly center: number;
  readonly spread: number;
}

/** Fitted on the training rows; the scale sees the imputed values, as in a scikit-learn pipeline. */
export function fitScaling(
  values: Float64Array,
  train: Int32Array,
  options: { readonly impute: Impute; readonly log1p: boolean; readonly scale: Scale },
): Scaling {
  const present = presentValues(values, train);
  const fill = fillOf(present, options.impute);
  // Those present, then the others: in the place that `presentValues` left for them.
  const all = new Float64Array(present.buffer).fill(fill, present.length);
  if (options.log1p)
    for (let index = 0; index < all.length; index++) all[index] = signedLog1p(all[index] as number);
  return { fill, log1p: options.log1p, ...centerAndSpread(all, options.scale) };
}

function fillOf(present: Float64Array, impute: Impute): number {
  if (typeof impute === 'object') return impute.constant;
  return impute === 'mean' ? momentsOf(present).mean : quantileOf(present, 0.5);
}

function centerAndSpread(values: Float64Array, scale: Scale): { center: number; spread: number } {
  switch (scale) {
    case 'none':
      return { center: 0, spread: 1 };
    case 'standard': {
      const { mean, deviation } = momentsOf(values);
      return { center: mean, spread: unlessConstant(deviation, mean) };
    }
    case 'minMax': {
      const low = values.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
      const high = values.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
      if (values.length === 0) return { center: 0, spread: 1 };
      return { center: low, spread: unlessConstant(high - low, low) };
    }
    case 'robust': {
      const center = quantileOf(values, 0.5);
      const range = quantileOf(values, 0.75) - quantileOf(values, 0.25);
      return { center, spread: unlessConstant(range, center) };
    }
    default:
      return scale satisfies never;
  }
}

/** A column without spread stays as it is; a sum of equal numbers may end in a rounding error. */
const unlessConstant = (spread: number, center: number) =>
  spread > 1e-12 * Math.max(1, Math.abs(center)) ? spread : 1;

const signedLog1p = (value: number) => Math.sign(value) * Math.log1p(Math.abs(value));

/** Writes the scaled values into one column of the slot. */
export function writeScaled(
  scaling: Scaling,
  values: Float64Array,
  slot: DenseSlot,
  column: number,
) {
  const { fill, log1p, center, spread } = scaling;
  const { array, width, position } = slot;
  for (let row = 0; row < values.length; row++) {
    const target = position[row] as number;
    if (target < 0) continue;
    const raw = values[row] as number;
    const value = Number.isNaN(raw) ? fill : raw;
    array[target * width + column] = ((log1p ? signedLog1p(value) : value) - center) / spread;
  }
}

/** Writes 1 where a value is missing. */
export function writeMissing(values: Float64Array, slot: DenseSlot, column: number) {
  const { array, width, position } = slot;
  for (let row = 0; row < values.length; row++) {
    const target = position[row] as number;
    if (target >= 0 && Number.isNaN(values[row] as number)) array[target * width + column] = 1;
  }
}
