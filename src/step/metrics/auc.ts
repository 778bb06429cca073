/** @file The area under the receiver operating characteristic. */
import { Type } from 'typebox';
import { defineMetric } from '../define.ts';
import { averageQuestions } from './binary-counts.ts';
import { macroOrWeighted } from './macro-or-weighted.ts';
import { rocArea } from './ranking.ts';

export const auc = defineMetric({
  name: 'auc',
  summary: 'How likely a yes is ranked above a no; several classes: each against the rest.',
  reference: 'Hanley, McNeil 1982, Radiology 143',
  heads: ['binary', 'multiclass', 'multilabel'],
  direction: 'maximize',
  options: Type.Object({ average: macroOrWeighted }, { additionalProperties: false }),
  compute: (input, { average }) => averageQuestions(input, average, rocArea),
});
