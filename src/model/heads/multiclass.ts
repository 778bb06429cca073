/** @file One class out of several. */
import { Type } from 'typebox';
import { defineHead } from '../define-head.ts';

export const multiclass = defineHead({
  name: 'multiclass',
  summary: 'One of several classes, as a probability for each.',
  activation: 'softmax',
  defaultLoss: 'categoricalCrossentropy',
  defaultMetrics: ['accuracy'],
  options: Type.Object(
    {
      classes: Type.Optional(
        Type.Array(Type.Unsafe<string | number>({ type: ['string', 'number'] }), {
          description:
            'The classes in their order; a row with another value has no label. Default: all that occur.',
          minItems: 2,
        }),
      ),
      classWeight: Type.Optional(
        Type.Unsafe<'balanced' | Record<string, number>>({
          description: '`balanced`, or the weight of each class in the loss, by name.',
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
