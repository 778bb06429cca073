/** @file The labels of a head as training takes them: split, transformed, with a mask. */
import type { LabelArray, TargetSignature } from '../signature.ts';
import { classWeightsOf } from './class-weights.ts';
import { fitTransform, type Labels, labelAt, type TargetSpec, transformed } from './labels.ts';

/** Transform and class weights are fitted on the training rows. */
export function targetSignature(
  spec: TargetSpec,
  labels: Labels,
  train: Int32Array,
): TargetSignature {
  const kind = spec.type === 'regression' ? (spec.transform ?? 'none') : 'none';
  return {
    columns: labels.columns,
    classes: labels.classes,
    transform: fitTransform(kind, labels, train),
    classWeights: classWeightsOf(spec, labels, train),
  };
}

export function encodeLabels(
  labels: Labels,
  { transform, columns }: TargetSignature,
  rows: Int32Array,
): LabelArray {
  const values = new Float32Array(rows.length * columns);
  const present = new Uint8Array(rows.length).fill(1);
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place] as number;
    for (let column = 0; column < columns; column++) {
      const value = transformed(labelAt(labels, row, column), transform);
      if (Number.isFinite(value)) values[place * columns + column] = value;
      else present[place] = 0;
    }
    if (present[place] === 0) values.fill(0, place * columns, (place + 1) * columns);
  }
  return { values, columns, present };
}
