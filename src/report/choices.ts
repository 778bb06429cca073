/** @file Trials taken together: the replicates of a choice, and the ranks of choices. */
import type { Objective, RunView, TrialView } from './read-run.ts';
import { type Spread, spreadOf } from './statistics.ts';

export interface ChoiceView {
  readonly choice: string;
  readonly tasks: readonly string[];
  readonly control: 'singleTask' | null;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly trials: readonly TrialView[];
  readonly finished: readonly TrialView[];
}

export function choicesOf(trials: readonly TrialView[]): readonly ChoiceView[] {
  const groups = new Map<string, TrialView[]>();
  for (const trial of trials)
    groups.set(trial.choice, [...(groups.get(trial.choice) ?? []), trial]);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { choice, tasks, control, parameters } = first;
    const finished = group.filter(({ status }) => status === 'finished');
    return [{ choice, tasks, control, parameters, trials: group, finished }];
  });
}

/** A metric over the finished replicates; those where it is not defined are left out. */
export function metricSpread({ finished }: Pick<ChoiceView, 'finished'>, metric: string): Spread {
  const values = finished.map(({ metrics }) => metrics[metric] ?? Number.NaN);
  return spreadOf(values.filter((value) => !Number.isNaN(value)));
}

export interface RankedChoice extends ChoiceView {
  /** Mean rank over the objectives; 1 is the best there can be. */
  readonly rank: number;
}

/** The best first: by the mean over the objectives of the rank of the mean over replicates. */
export function rankChoices(
  choices: readonly ChoiceView[],
  objective: Objective,
): readonly RankedChoice[] {
  const usable = choices.filter(({ finished }) => finished.length > 0);
  const ranks = objective.map(({ metric, direction }) => {
    const sign = direction === 'maximize' ? -1 : 1;
    return ranksOf(usable.map((choice) => sign * metricSpread(choice, metric).mean));
  });
  return usable
    .map((choice, index) => ({
      ...choice,
      rank: ranks.reduce((sum, each) => sum + (each[index] ?? 0), 0) / Math.max(1, ranks.length),
    }))
    .sort((one, other) => one.rank - other.rank);
}

/** Ranks from 1, ties sharing their mean; what is not defined comes last. */
function ranksOf(values: readonly number[]): readonly number[] {
  const known = values.map((value) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value));
  const order = Float64Array.from(known).sort();
  const ranks = new Map<number, number>();
  for (let begin = 0; begin < order.length; ) {
    const value = order[begin] ?? 0;
    let end = begin + 1;
    while (order[end] === value) end += 1;
    ranks.set(value, (begin + 1 + end) / 2);
    begin = end;
  }
  return known.map((value) => ranks.get(value) ?? 0);
}

/** The joint choices of a run, the best first. */
export const rankedJoint = ({ trials, objective }: RunView) =>
  rankChoices(choicesOf(trials.filter(({ control }) => control === null)), objective);

/** Of the best joint choice, the replicate that is best on the objective; its first one will do. */
export function bestTrial(view: RunView): number | undefined {
  const [best] = rankedJoint(view);
  const [objective] = view.objective;
  const sign = objective?.direction === 'maximize' ? -1 : 1;
  const value = (metrics: Readonly<Record<string, number>>) =>
    sign * (metrics[objective?.metric ?? ''] ?? 0);
  const [first] = [...(best?.finished ?? [])].sort(
    (one, other) => value(one.metrics) - value(other.metrics),
  );
  return first?.number;
}
