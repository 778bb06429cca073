/** @file The contract of a sampler: which point of the search space comes next. */
import type { Static, TObject } from 'typebox';
import type { Kind } from '../spec/kind.ts';
import type { Point, SearchSpace } from '../spec/space/search-space.ts';
import type { RandomStream } from './random.ts';

/** Values by path of the spec: one choice. */
export type ChoiceValues = Readonly<Record<string, unknown>>;

/** What came of a point. */
export interface Observation {
  readonly point: Point;
  /** The objectives, all to be minimised (mean over replicates); null where it failed or they are not defined. */
  readonly values: readonly number[] | null;
  /** In (0, 1]: 1 for a whole training; less where a pruner stopped it, with its values then. */
  readonly progress: number;
}

export interface Proposal<Options = Readonly<Record<string, unknown>>> {
  readonly space: SearchSpace;
  /** Which one is asked for: 0, 1, … */
  readonly index: number;
  /** In the order in which they ended. Empty for samplers that do not use it. */
  readonly history: readonly Observation[];
  /** Proposed, not ended yet: points that other workers are at. */
  readonly pending: readonly Point[];
  /** How many objectives there are. */
  readonly objectives: number;
  /** Of the spec's seed alone: the same for every index. */
  readonly stream: (...purpose: readonly (string | number)[]) => RandomStream;
  readonly options: Options;
}

/** Pure: the same request gives the same point. */
export interface SamplerKind<Options extends TObject = TObject> extends Kind<Options> {
  /** Whether proposals depend on what came of earlier ones. */
  readonly usesHistory: boolean;
  /** Only grids end by themselves; the others need a budget. */
  readonly ends: boolean;
  /** The point of that index, or null when the search is over. */
  propose(proposal: Proposal<Static<Options>>): Point | null;
}

/** Declares a sampler kind. */
export const defineSampler = <O extends TObject>(kind: SamplerKind<O>): SamplerKind<O> => kind;
