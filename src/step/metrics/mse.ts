/** @file The mean squared error. */
import { Type } from 'typebox';
import { defineMetric } from '../define.ts';
import { meanOverRows } from './binary-counts.ts';
import { errorOf } from './error-of.ts';

export const mse = defineMetric({
  name: 'mse',
  summary: 'The mean squared error.',
  heads: ['regression'],
  direction: 'minimize',
  options: Type.Object({}, { additionalProperties: false }),
  compute: (input) => meanOverRows(input, (row) => errorOf(input, row) ** 2),
});
