/** @file A mistake with its place; what `validate` prints. */
import type { Problem } from '../problem.ts';
import type { Place } from './located.ts';

export interface LocatedProblem extends Problem {
  readonly place: Place;
}
