/** @file The option of label smoothing. */
import { Type } from 'typebox';

/** Szegedy et al. 2016, arXiv:1512.00567 */
export const labelSmoothing = Type.Number({
  description: 'Moves labels this far from 0 and 1 towards all classes being equal.',
  minimum: 0,
  exclusiveMaximum: 1,
  default: 0,
});
