/** @file The contract of a sampler: which choices of the search space come next. */
import type { TObject } from 'typebox';
import type { Kind } from '../spec/kind.ts';
import type { RandomStream } from './random.ts';

/** Values by path of the spec: one point of the search space. */
export type ChoiceValues = Readonly<Record<string, unknown>>;

export interface SearchSpace {
  readonly parameters: Readonly<Record<string, readonly unknown[]>>;
  /** Groups of paths that change together; all lists of a group have the same length. */
  readonly zip: readonly Readonly<Record<string, readonly unknown[]>>[];
}

/** A choice that was tried, with its objective values (mean over replicates), as asked for. */
export interface TriedChoice {
  readonly values: ChoiceValues;
  readonly objectives: readonly number[];
}

/** Pure: the same space, history and random numbers give the same proposals. */
export interface SamplerKind<Options extends TObject = TObject> extends Kind<Options> {
  /** What to try next, in order; nothing when the search is over. */
  propose(
    space: SearchSpace,
    history: readonly TriedChoice[],
    random: RandomStream,
  ): readonly ChoiceValues[];
}

/** Declares a sampler kind. */
export const defineSampler = <O extends TObject>(kind: SamplerKind<O>): SamplerKind<O> => kind;
