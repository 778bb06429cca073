/** @file The part of all yes that was found. */
import { Type } from 'typebox';
import { defineMetric } from '../define.ts';
import { average, averageOver, countsOf, ratio, threshold } from './binary-counts.ts';

export const recall = defineMetric({
  name: 'recall',
  summary: 'The part of all yes that was found.',
  heads: ['binary', 'multiclass', 'multilabel'],
  direction: 'maximize',
  options: Type.Object({ threshold, average }, { additionalProperties: false }),
  compute(input, { threshold: cut, average: how }) {
    const counts = countsOf(input, input.head === 'multiclass', cut);
    return averageOver(counts, how, ({ truePositive, falseNegative }) =>
      ratio(truePositive, truePositive + falseNegative),
    );
  },
});
