/** @file Runs a sampler on a test function, one trial after the other. */
import type { Observation, SamplerKind } from '../../../src/plan/define-sampler.ts';
import { hypervolume } from '../../../src/plan/pareto.ts';
import { rng } from '../../../src/plan/random.ts';
import type { TestFunction } from './functions.ts';
import type { FrontProblem } from './two-objectives.ts';

/** The options that a spec without any would give. */
export const defaultOptions = ({ options }: SamplerKind): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(options.properties).map(([name, schema]) => [
      name,
      Reflect.get(schema, 'default'),
    ]),
  );

export interface SearchRequest {
  readonly sampler: SamplerKind;
  readonly target: TestFunction;
  readonly seed: number;
  readonly trials: number;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** After each trial, the value without noise of the one that was observed to be the best so far. */
export function bestSoFar({ sampler, target, seed, trials, options = {} }: SearchRequest) {
  const noise = rng(seed, 'noise', target.name);
  const history: Observation[] = [];
  const best: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let index = 0; index < trials; index++) {
    const point = sampler.propose({
      space: target.space,
      index,
      history,
      pending: [],
      objectives: 1,
      stream: (...purpose) => rng(seed, 'sampler', ...purpose),
      options: { ...defaultOptions(sampler), ...options },
    });
    if (point === null) break;
    const observed = target.evaluate(point, noise);
    history.push({ point, values: [observed], progress: 1 });
    best.push(observed < least ? target.value(point) : (best[index - 1] ?? Number.NaN));
    least = Math.min(least, observed);
  }
  return best;
}

export interface FrontRequest {
  readonly sampler: SamplerKind;
  readonly problem: FrontProblem;
  readonly seed: number;
  /** The hypervolume is told after so many trials, in rising order. */
  readonly marks: readonly number[];
}

/** The hypervolumes after so many trials. */
export function volumesAt({ sampler, problem, seed, marks }: FrontRequest): readonly number[] {
  const history: Observation[] = [];
  const values: (readonly number[])[] = [];
  for (let index = 0; index < Math.max(...marks); index++) {
    const point = sampler.propose({
      space: problem.space,
      index,
      history,
      pending: [],
      objectives: 2,
      stream: (...purpose) => rng(seed, 'sampler', ...purpose),
      options: defaultOptions(sampler),
    });
    if (point === null) break;
    values.push(problem.values(point));
    history.push({ point, values: problem.values(point), progress: 1 });
  }
  return marks.map((mark) => hypervolume(values.slice(0, mark), problem.reference));
}
