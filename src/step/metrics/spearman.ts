/** @file Spearman's rank correlation. */
import { Type } from 'typebox';
import { defineMetric } from '../define.ts';
import { ranks } from './ranking.ts';

export const spearman = defineMetric({
  name: 'spearman',
  summary: 'The correlation of ranks: 1 when the order is right. Ignores sample weights.',
  reference: 'Spearman 1904, American Journal of Psychology 15',
  heads: ['regression'],
  direction: 'maximize',
  options: Type.Object({}, { additionalProperties: false }),
  compute({ rows, predictions, labels }) {
    const [one, other] = [ranks(predictions), ranks(labels)];
    const mean = (rows + 1) / 2;
    let [product, squareOne, squareOther] = [0, 0, 0];
    for (let row = 0; row < rows; row++) {
      const [a, b] = [(one[row] ?? 0) - mean, (other[row] ?? 0) - mean];
      product += a * b;
      squareOne += a * a;
      squareOther += b * b;
    }
    return product / Math.sqrt(squareOne * squareOther);
  },
});
