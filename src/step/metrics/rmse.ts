/** @file The root of the mean squared error, in the unit of the target. */
import { Type } from 'typebox';
import { defineMetric } from '../define.ts';
import { meanOverRows } from './binary-counts.ts';
import { errorOf } from './error-of.ts';

export const rmse = defineMetric({
  name: 'rmse',
  summary: 'The root of the mean squared error, in the unit of the target.',
  heads: ['regression'],
  direction: 'minimize',
  options: Type.Object({}, { additionalProperties: false }),
  compute: (input) => Math.sqrt(meanOverRows(input, (row) => errorOf(input, row) ** 2)),
});
