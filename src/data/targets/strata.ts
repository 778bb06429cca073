/** @file The classes that a split is stratified on. */
import { presentValues, quantileOf } from '../features/statistics.ts';
import type { Labels } from './labels.ts';

const bins = 10;

/** The head's classes; for regression ten bins between quantiles. Unlabelled rows are a class too. */
export function strataOf({ classOf, values }: Labels): Int32Array {
  if (classOf) return classOf;
  const present = presentValues(
    values,
    Int32Array.from(values, (_, row) => row),
  );
  const bounds = Array.from({ length: bins - 1 }, (_, bin) =>
    quantileOf(present, (bin + 1) / bins),
  );
  return Int32Array.from(values, (value) =>
    Number.isNaN(value) ? -1 : bounds.filter((bound) => value > bound).length,
  );
}
