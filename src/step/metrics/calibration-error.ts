/** @file Expected calibration error. */
import { Type } from 'typebox';
import { defineMetric } from '../define.ts';
import { argMax } from './binary-counts.ts';

export const calibrationError = defineMetric({
  name: 'calibrationError',
  summary:
    'How far probabilities are from frequencies: over bins of equal width, |mean probability - part of yes|, weighted by rows. Several classes: of the most probable one.',
  reference: 'Naeini, Cooper, Hauskrecht 2015, AAAI',
  heads: ['binary', 'multiclass', 'multilabel'],
  direction: 'minimize',
  options: Type.Object(
    { bins: Type.Integer({ description: 'Number of bins.', minimum: 1, default: 10 }) },
    { additionalProperties: false },
  ),
  compute(input, { bins }) {
    const { rows, columns, predictions, labels, weights, head } = input;
    const sums = Array.from({ length: bins }, () => ({ probability: 0, label: 0 }));
    let total = 0;
    const add = (at: number, weight: number) => {
      const probability = predictions[at] ?? 0;
      const sum = sums[Math.min(bins - 1, Math.floor(probability * bins))];
      if (!sum) return;
      sum.probability += weight * probability;
      sum.label += weight * (labels[at] ?? 0);
      total += weight;
    };
    for (let row = 0; row < rows; row++) {
      const from = row * columns;
      const weight = weights?.[row] ?? 1;
      if (head === 'multiclass') add(from + argMax(predictions, from, columns), weight);
      else for (let at = from; at < from + columns; at++) add(at, weight);
    }
    return sums.reduce((sum, each) => sum + Math.abs(each.probability - each.label), 0) / total;
  },
});
