/** @file One-hot encoding: one 0/1 feature for each value. */
import { Type } from 'typebox';
import type { Kind } from '../../spec/kind.ts';

export const oneHot: Kind = {
  name: 'oneHot',
  summary: 'One 0/1 feature for each value that the training split holds.',
  options: Type.Object({}, { additionalProperties: false }),
};
