/** @file The contract of a pruner: whether a trial is worth going on with. */
import type { Static, TObject } from 'typebox';
import type { Kind } from '../spec/kind.ts';

/** How a trial has gone so far. */
export interface Course {
  /** Position of its choice in the sweep: 0, 1, … */
  readonly index: number;
  /** The objectives after each epoch, the first epoch first; all to be minimised; NaN where not defined. */
  readonly epochs: readonly (readonly number[])[];
  readonly status: 'running' | 'finished' | 'pruned';
}

/** The trial to decide on, after the last epoch of its course, among its like: same tasks, same replicate. */
export interface CourseQuestion<Options = Readonly<Record<string, unknown>>> {
  readonly trial: Course;
  /** All others that have begun. */
  readonly others: readonly Course[];
  /** Epochs of a whole training. */
  readonly maxEpochs: number;
  /** The worst values that are acceptable, one an objective, to be minimised; Infinity: any. */
  readonly floors: readonly number[];
  /** For words: -1 where an objective was turned round to be minimised. */
  readonly signs?: readonly number[];
  readonly options: Options;
}

/** A choice of which some replicates have finished. */
export interface Contender {
  readonly index: number;
  /** Objectives of its finished replicates, by replicate, all to be minimised. */
  readonly replicates: ReadonlyMap<number, readonly number[]>;
  /** For words: its trials. */
  readonly name?: string;
}

/** Whether a choice is surely worse than another, so that its other replicates need not be trained. */
export interface RaceQuestion<Options = Readonly<Record<string, unknown>>> {
  readonly choice: Contender;
  readonly others: readonly Contender[];
  readonly floors: readonly number[];
  readonly signs?: readonly number[];
  readonly options: Options;
}

/** Pure: the same question gives the same answer. The answer is a reason to stop, in words, or null. */
export interface PrunerKind<Options extends TObject = TObject> extends Kind<Options> {
  /** Asked after every epoch of a first replicate. */
  stopTrial?(question: CourseQuestion<Static<Options>>): string | null;
  /** Asked after every replicate, for choices with replicates left. */
  dropChoice?(question: RaceQuestion<Static<Options>>): string | null;
}

/** Declares a pruner kind. */
export const definePruner = <O extends TObject>(kind: PrunerKind<O>): PrunerKind<O> => kind;
