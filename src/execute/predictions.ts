/** @file Predictions as columns of a table: `<head>`, and probabilities for classes. */
import type { TargetSignature } from '../data/signature.ts';
import { toTargetUnit } from './target-unit.ts';

export interface PredictionColumn {
  readonly name: string;
  readonly values: readonly (number | string)[];
}

/**
 * The columns of one head from its model output, row by row [row, column]: regression `<head>` in
 * the target's own unit; binary `<head>` 0 or 1 and `<head>_probability`; multiclass `<head>` the
 * class and `<head>_probability_<class>` for each; multilabel `<head>_<label>` 0 or 1 and
 * `<head>_probability_<label>` for each.
 */
export function predictionColumns(
  head: string,
  type: string,
  output: ArrayLike<number>,
  target: TargetSignature,
): readonly PredictionColumn[] {
  const { columns, transform } = target;
  const rows = output.length / columns;
  const column = (index: number) =>
    Array.from({ length: rows }, (_, row) => output[row * columns + index] ?? Number.NaN);
  if (type === 'regression') {
    return [{ name: head, values: column(0).map((value) => toTargetUnit(value, transform)) }];
  }
  if (type === 'binary') {
    const probability = column(0);
    return [
      { name: head, values: probability.map((value) => (value >= 0.5 ? 1 : 0)) },
      { name: `${head}_probability`, values: probability },
    ];
  }
  const classes = target.classes ?? Array.from({ length: columns }, (_, index) => String(index));
  const probabilities = classes.map((name, index) => ({
    name: `${head}_probability_${name}`,
    values: column(index),
  }));
  if (type === 'multiclass') {
    const best = Array.from(
      { length: rows },
      (_, row) => classes[argMax(output, row * columns, columns)] ?? '',
    );
    return [{ name: head, values: best }, ...probabilities];
  }
  const labels = classes.map((name, index) => ({
    name: `${head}_${name}`,
    values: column(index).map((value) => (value >= 0.5 ? 1 : 0)),
  }));
  return [...labels, ...probabilities];
}

function argMax(values: ArrayLike<number>, from: number, count: number): number {
  let best = 0;
  for (let index = 1; index < count; index++) {
    if ((values[from + index] ?? 0) > (values[from + best] ?? 0)) best = index;
  }
  return best;
}
