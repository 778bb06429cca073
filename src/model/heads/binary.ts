/** @file A yes-or-no task. */
import { Type } from 'typebox';
import { listOf } from '../../spec/schema/slots.ts';
import { defineHead } from '../define-head.ts';

export const binary = defineHead({
  name: 'binary',
  summary: 'One yes-or-no answer, as a probability.',
  activation: 'sigmoid',
  defaultLoss: 'binaryCrossentropy',
  defaultMetrics: ['auc'],
  options: Type.Object(
    {
      positive: Type.Optional(
        listOf(Type.Unsafe<string | number | boolean>({ type: ['string', 'number', 'boolean'] }), {
          description: 'The values of the target that count as yes; default: 1 and true.',
          minItems: 1,
        }),
      ),
      classWeight: Type.Optional(
        Type.Unsafe<'balanced' | Record<string, number>>({
          description: '`balanced`, or the weight of each class in the loss: `{ 0: 1, 1: 5 }`.',
          anyOf: [
            { type: 'string', enum: ['balanced'] },
            { type: 'object', additionalProperties: { type: 'number', minimum: 0 } },
          ],
        }),
      ),
    },
    { additionalProperties: false },
  ),
});
