/** @file The median absolute error. */
import { Type } from 'typebox';
import { defineMetric } from '../define.ts';
import { errorOf } from './error-of.ts';

export const medianError = defineMetric({
  name: 'medianError',
  summary:
    'The median absolute error: half of the rows are nearer than this. Ignores sample weights.',
  heads: ['regression'],
  direction: 'minimize',
  options: Type.Object({}, { additionalProperties: false }),
  compute(input) {
    const errors = Float64Array.from({ length: input.rows }, (_, row) =>
      Math.abs(errorOf(input, row)),
    );
    errors.sort();
    const middle = (errors.length - 1) / 2;
    return (
      ((errors[Math.floor(middle)] ?? Number.NaN) + (errors[Math.ceil(middle)] ?? Number.NaN)) / 2
    );
  },
});
