/** @file Several yes-or-no answers that do not exclude each other. */
import { Type } from 'typebox';
import { defineHead } from '../define-head.ts';

export const multilabel = defineHead({
  name: 'multilabel',
  summary: 'Several yes-or-no answers at once, one for each target column.',
  activation: 'sigmoid',
  defaultLoss: 'binaryCrossentropy',
  defaultMetrics: ['auc'],
  options: Type.Object({}, { additionalProperties: false }),
});
