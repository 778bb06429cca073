/** @file The part of right ones among the answers yes. */
import { Type } from 'typebox';
import { defineMetric } from '../define.ts';
import { average, averageOver, countsOf, ratio, threshold } from './binary-counts.ts';

export const precision = defineMetric({
  name: 'precision',
  summary: 'The part of right ones among the answers yes.',
  heads: ['binary', 'multiclass', 'multilabel'],
  direction: 'maximize',
  options: Type.Object({ threshold, average }, { additionalProperties: false }),
  compute(input, { threshold: cut, average: how }) {
    const counts = countsOf(input, input.head === 'multiclass', cut);
    return averageOver(counts, how, ({ truePositive, falsePositive }) =>
      ratio(truePositive, truePositive + falsePositive),
    );
  },
});
