/** @file The error of one row of a regression. */
import type { MetricInput } from '../define.ts';

/** Prediction minus label. */
export const errorOf = ({ predictions, labels }: MetricInput, row: number) =>
  (predictions[row] ?? Number.NaN) - (labels[row] ?? Number.NaN);
