/** @file The harmonic mean of precision and recall. */
import { Type } from 'typebox';
import { defineMetric } from '../define.ts';
import { average, averageOver, countsOf, ratio, threshold } from './binary-counts.ts';

export const f1 = defineMetric({
  name: 'f1',
  summary: 'The harmonic mean of precision and recall.',
  heads: ['binary', 'multiclass', 'multilabel'],
  direction: 'maximize',
  options: Type.Object({ threshold, average }, { additionalProperties: false }),
  compute(input, { threshold: cut, average: how }) {
    const counts = countsOf(input, input.head === 'multiclass', cut);
    return averageOver(counts, how, ({ truePositive, falsePositive, falseNegative }) =>
      ratio(2 * truePositive, 2 * truePositive + falsePositive + falseNegative),
    );
  },
});
