/** @file The coefficient of determination. */
import { Type } from 'typebox';
import { defineMetric } from '../define.ts';
import { meanOverRows } from './binary-counts.ts';
import { errorOf } from './error-of.ts';

export const r2 = defineMetric({
  name: 'r2',
  summary: 'The part of the variance that is explained; 0 for always answering the mean.',
  heads: ['regression'],
  direction: 'maximize',
  options: Type.Object({}, { additionalProperties: false }),
  compute(input) {
    const mean = meanOverRows(input, (row) => input.labels[row] ?? 0);
    const variance = meanOverRows(input, (row) => ((input.labels[row] ?? 0) - mean) ** 2);
    if (variance === 0) return Number.NaN;
    return 1 - meanOverRows(input, (row) => errorOf(input, row) ** 2) / variance;
  },
});
