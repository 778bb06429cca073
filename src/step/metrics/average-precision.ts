/** @file Average precision. */
import { Type } from 'typebox';
import { defineMetric } from '../define.ts';
import { averageQuestions } from './binary-counts.ts';
import { macroOrWeighted } from './macro-or-weighted.ts';
import { averagePrecisionOf } from './ranking.ts';

export const averagePrecision = defineMetric({
  name: 'averagePrecision',
  summary: 'Mean precision over all levels of recall: for rare classes.',
  heads: ['binary', 'multiclass', 'multilabel'],
  direction: 'maximize',
  options: Type.Object({ average: macroOrWeighted }, { additionalProperties: false }),
  compute: (input, { average }) => averageQuestions(input, average, averagePrecisionOf),
});
