/** @file The classes that a split is stratified on. */
import { quantileOf } from '../features/statistics.ts';
import type { Labels } from './labels.ts';

const bins = 10;

/** The head's classes; for regression ten bins between quantiles. Unlabelled rows are a class too. */
export function strataOf(labels: Labels): Int32Array {
  if (labels.kind !== 'numbers') return labels.classOf;
  const { values } = labels;
  const present = values.filter((value) => !Number.isNaN(value));
  const bounds = Array.from({ length: bins - 1 }, (_, bin) =>
    quantileOf(present, (bin + 1) / bins),
  );
  const strata = new Int32Array(values.length);
  for (let row = 0; row < strata.length; row++) strata[row] = stratumOf(values[row], bounds);
  return strata;
}

function stratumOf(value: number | undefined, bounds: readonly number[]): number {
  if (value === undefined || Number.isNaN(value)) return -1;
  let above = 0;
  for (const bound of bounds) if (value > bound) above++;
  return above;
}
