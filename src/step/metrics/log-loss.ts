/** @file Log loss. */
import { Type } from 'typebox';
import { defineMetric } from '../define.ts';
import { meanOverRows } from './binary-counts.ts';

/** Keeps the logarithm finite: the smallest step of the float32 that a model answers with. */
const epsilon = 2 ** -23;

export const logLoss = defineMetric({
  name: 'logLoss',
  summary: 'Minus the mean log-likelihood of the labels; the mean over labels for multilabel.',
  heads: ['binary', 'multiclass', 'multilabel'],
  direction: 'minimize',
  options: Type.Object({}, { additionalProperties: false }),
  compute(input) {
    const { columns, predictions, labels, head } = input;
    const clip = (value: number) => Math.min(1 - epsilon, Math.max(epsilon, value));
    return meanOverRows(input, (row) => {
      let [loss, total] = [0, 0];
      for (let at = row * columns; at < (row + 1) * columns; at++) {
        const probability = clip(predictions[at] ?? 0);
        total += probability;
        if (labels[at] === 1) loss -= Math.log(probability);
        else if (head !== 'multiclass') loss -= Math.log(1 - probability);
      }
      return head === 'multiclass' ? loss + Math.log(total) : loss / columns;
    });
  },
});
