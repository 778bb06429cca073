/** @file The option of how to average a figure of each class. */
import { Type } from 'typebox';

export const macroOrWeighted = Type.Unsafe<'macro' | 'weighted'>({
  type: 'string',
  enum: ['macro', 'weighted'],
  description: 'Over classes or labels: macro, all alike; weighted, by how often they occur.',
  default: 'macro',
});
