import { Type } from 'typebox';
import { defineDistribution } from './define-distribution.ts';

export const normal = defineDistribution({
  name: 'normal',
  summary: 'A number near a mean, cut at four standard deviations.',
  options: {
    mean: Type.Number({ description: 'Its middle.' }),
    standardDeviation: Type.Number({
      description: 'Two thirds of the values are closer to the mean than this.',
      exclusiveMinimum: 0,
    }),
  },
  distribution: ({ mean, standardDeviation }) => ({ type: 'normal', mean, standardDeviation }),
});
