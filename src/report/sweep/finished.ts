/** @file The joint choices that finished, in order, each with the mean of every objective. */
import { choicesOf, metricSpread } from '../choices.ts';
import type { Objective, RunView } from '../read-run.ts';

export interface FinishedChoice {
  readonly choice: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The numbers of its finished trials, one a replicate. */
  readonly trials: readonly number[];
  /** By objective, the mean over the replicates; NaN where it is not defined. */
  readonly values: readonly number[];
}

/** By default of the objectives; of any metrics, where they are named. */
export function finishedChoices(
  { trials, objective }: RunView,
  metrics: readonly string[] = objective.map(({ metric }) => metric),
): readonly FinishedChoice[] {
  return choicesOf(trials.filter(({ control }) => control === null))
    .filter(({ finished }) => finished.length > 0)
    .map((each) => ({
      choice: each.choice,
      parameters: each.parameters,
      trials: each.finished.map(({ number }) => number).sort((one, other) => one - other),
      values: metrics.map((metric) => metricSpread(each, metric).mean),
    }))
    .sort((one, other) => (one.trials[0] ?? 0) - (other.trials[0] ?? 0));
}

/** What is to be as small as possible: a value that is to be large with its sign turned. */
export const costOf = (value: number, direction: Objective[number]['direction']): number =>
  direction === 'maximize' ? -value : value;

/**
 * The best cost, and the worst one that tells something. Where a few are so bad that all others
 * would look the same beside them (a training that diverged), the edge is three times as far from
 * the best as the upper quartile is.
 */
export function edgeOf(costs: readonly number[]): { readonly best: number; readonly edge: number } {
  const sorted = Float64Array.from(costs).sort();
  const [best = 0, worst = 1] = [sorted[0], sorted.at(-1)];
  const quartile = sorted[Math.floor(0.75 * sorted.length)] ?? worst;
  const isFar = quartile > best && worst > best + 20 * (quartile - best);
  return { best, edge: isFar ? best + 3 * (quartile - best) : worst };
}
