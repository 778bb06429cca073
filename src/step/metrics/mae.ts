/** @file The mean absolute error, in the unit of the target. */
import { Type } from 'typebox';
import { defineMetric } from '../define.ts';
import { meanOverRows } from './binary-counts.ts';
import { errorOf } from './error-of.ts';

export const mae = defineMetric({
  name: 'mae',
  summary: 'The mean absolute error, in the unit of the target.',
  heads: ['regression'],
  direction: 'minimize',
  options: Type.Object({}, { additionalProperties: false }),
  compute: (input) => meanOverRows(input, (row) => Math.abs(errorOf(input, row))),
});
