/** @file Embedding: a vector for each value, learned with the model. */
import { Type } from 'typebox';
import type { Kind } from '../../spec/kind.ts';

const initializers = [
  'constant',
  'glorotNormal',
  'glorotUniform',
  'heNormal',
  'heUniform',
  'leCunNormal',
  'leCunUniform',
  'ones',
  'orthogonal',
  'randomNormal',
  'randomUniform',
  'truncatedNormal',
  'varianceScaling',
  'zeros',
] as const;
const constraints = ['maxNorm', 'minMaxNorm', 'nonNeg', 'unitNorm'] as const;

const strength = (description: string) => Type.Number({ description, minimum: 0, default: 0 });

export const embedding: Kind = {
  name: 'embedding',
  summary: 'A learned vector for each value: for columns with many values.',
  reference: 'Guo, Berkhahn 2016, arXiv:1604.06737',
  short: 'outputDim',
  options: Type.Object(
    {
      outputDim: Type.Integer({
        description: 'The length of the vector of each column.',
        minimum: 1,
        default: 8,
      }),
      embeddingsInitializer: Type.Unsafe<(typeof initializers)[number]>({
        type: 'string',
        enum: [...initializers],
        description: 'How the vectors start.',
        default: 'randomUniform',
      }),
      embeddingsRegularizer: Type.Optional(
        Type.Object(
          {
            l1: strength('The weight of the sum of the absolute values.'),
            l2: strength('The weight of the sum of the squares.'),
          },
          { description: 'A penalty on large values.', additionalProperties: false },
        ),
      ),
      embeddingsConstraint: Type.Optional(
        Type.Unsafe<(typeof constraints)[number]>({
          type: 'string',
          enum: [...constraints],
          description: 'What the vectors are kept to after each step.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
};
