/** @file A number. */
import { Type } from 'typebox';
import { words } from '../../spec/schema/slots.ts';
import { defineHead } from '../define-head.ts';

export const regression = defineHead({
  name: 'regression',
  summary: 'A number.',
  activation: 'loss',
  defaultLoss: 'meanSquaredError',
  defaultMetrics: ['mae'],
  options: Type.Object(
    {
      transform: words(['none', 'log1p', 'standardize'], {
        description:
          'What the model is trained on: the number itself, ln(1 + number), or the number at mean 0, standard deviation 1. Metrics and predictions undo it.',
        default: 'none',
      }),
    },
    { additionalProperties: false },
  ),
});
