/** @file The choices of a sweep: those that the sampler made before, and the next one. */
import { digest, type Observation, rng, type SamplerKind } from '../plan/index.ts';
import { chosen } from '../spec/kind.ts';
import type { ResolvedSpec } from '../spec/schema/experiment.ts';
import { type Point, pointKey, type SearchSpace } from '../spec/space/search-space.ts';

/** Ours to tell apart sweeps in one journal: proposals of another one say nothing here. */
export function sweepKey(spec: ResolvedSpec, objectives: number, engineFamily: string): string {
  const { seed, shared, heads, weighting, training, sweep } = spec;
  const { source: _, memory: __, ...data } = spec.data;
  const { method, parameters, zip, objective, replicates } = sweep;
  return digest({
    ...{ seed, shared, heads, weighting, training, data, engineFamily, objectives },
    ...{ method, parameters, zip, objective, replicates },
  });
}

/** How many choices the budget of trials is for; a grid has its own end. */
export function maximalChoices({ sweep }: ResolvedSpec): number {
  const { trials } = sweep.budget;
  return trials === undefined
    ? Number.POSITIVE_INFINITY
    : Math.max(1, Math.floor(trials / sweep.replicates));
}

export interface ProposalInput {
  readonly spec: ResolvedSpec;
  readonly sampler: SamplerKind;
  readonly space: SearchSpace;
  readonly index: number;
  readonly history: readonly Observation[];
  readonly pending: readonly Point[];
  readonly objectives: number;
}

/** The next point, or null when a grid has come to its end. */
export function proposePoint({ spec, sampler, ...proposal }: ProposalInput): Point | null {
  const { options } = chosen(spec.sweep.method);
  const stream = (...purpose: readonly (string | number)[]) =>
    rng(spec.seed, 'sampler', ...purpose);
  return sampler.propose({ ...proposal, options, stream });
}

/** In a row that bring nothing new: then the space is taken to have nothing more. */
export const manyRepetitions = 100;

/** All points of a sampler that does not look at what came of earlier ones: so many different ones, if there are. */
export function allPoints(
  input: Omit<ProposalInput, 'index' | 'history' | 'pending'>,
  most: number,
): readonly Point[] {
  const points = new Map<string, Point>();
  let repetitions = 0;
  for (let index = 0; points.size < most && repetitions < manyRepetitions; index++) {
    const point = proposePoint({ ...input, index, history: [], pending: [] });
    if (!point) break;
    const key = pointKey(point);
    repetitions = points.has(key) ? repetitions + 1 : 0;
    points.set(key, point);
  }
  return [...points.values()];
}
