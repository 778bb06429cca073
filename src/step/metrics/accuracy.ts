/** @file Accuracy. */
import { Type } from 'typebox';
import { defineMetric } from '../define.ts';
import { argMax, meanOverRows, threshold } from './binary-counts.ts';

export const accuracy = defineMetric({
  name: 'accuracy',
  summary: 'The part of right answers; multilabel: of rows with all labels right.',
  heads: ['binary', 'multiclass', 'multilabel'],
  direction: 'maximize',
  options: Type.Object({ threshold }, { additionalProperties: false }),
  compute(input, { threshold: cut }) {
    const { columns, predictions, labels } = input;
    const isMulticlass = input.head === 'multiclass';
    return meanOverRows(input, (row) => {
      const from = row * columns;
      if (isMulticlass) return labels[from + argMax(predictions, from, columns)] === 1 ? 1 : 0;
      for (let at = from; at < from + columns; at++) {
        if ((predictions[at] ?? 0) >= cut !== (labels[at] === 1)) return 0;
      }
      return 1;
    });
  },
});
