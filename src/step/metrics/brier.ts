/** @file The Brier score. */
import { Type } from 'typebox';
import { defineMetric } from '../define.ts';
import { meanOverRows } from './binary-counts.ts';

export const brier = defineMetric({
  name: 'brier',
  summary: 'The mean squared error of probabilities; several classes: summed over them.',
  reference: 'Brier 1950, Monthly Weather Review 78',
  heads: ['binary', 'multiclass', 'multilabel'],
  direction: 'minimize',
  options: Type.Object({}, { additionalProperties: false }),
  compute(input) {
    const { columns, predictions, labels, head } = input;
    return meanOverRows(input, (row) => {
      let sum = 0;
      for (let at = row * columns; at < (row + 1) * columns; at++) {
        sum += ((predictions[at] ?? 0) - (labels[at] ?? 0)) ** 2;
      }
      return head === 'multilabel' ? sum / columns : sum;
    });
  },
});
