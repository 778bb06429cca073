import { Type } from 'typebox';
import { listDistribution } from '../../spec/space/list-distribution.ts';
import { defineDistribution } from './define-distribution.ts';

export const choice = defineDistribution({
  name: 'choice',
  summary: 'One of these values: what a plain list is, with a condition, or inside of a block.',
  short: 'values',
  options: {
    values: Type.Array(Type.Unknown(), { description: 'The values to try.', minItems: 1 }),
  },
  distribution: ({ values }) => listDistribution(values),
});
