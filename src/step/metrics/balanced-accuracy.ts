/** @file Balanced accuracy. */
import { Type } from 'typebox';
import { defineMetric } from '../define.ts';
import { countsOf, ratio, support, threshold } from './binary-counts.ts';

export const balancedAccuracy = defineMetric({
  name: 'balancedAccuracy',
  summary: 'The mean of each class’s part of right answers.',
  reference: 'Brodersen et al. 2010, ICPR',
  heads: ['binary', 'multiclass'],
  direction: 'maximize',
  options: Type.Object({ threshold }, { additionalProperties: false }),
  compute(input, { threshold: cut }) {
    const counts = countsOf(input, input.head === 'multiclass', cut);
    const recalls = counts.flatMap((each) => {
      const { trueNegative, falsePositive } = each;
      const own = support(each) > 0 ? [ratio(each.truePositive, support(each))] : [];
      const negatives = trueNegative + falsePositive;
      return input.columns > 1 || negatives === 0 ? own : [...own, trueNegative / negatives];
    });
    return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
  },
});
