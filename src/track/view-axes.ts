/** @file What the axes of a view's charts can be: each head's yardstick, and the swept paths. */
import { type ChoiceView, choicesOf, metricSpread } from '../report/choices.ts';
import type { RunView } from '../report/index.ts';
import { parameterText } from './trial-run.ts';

/** How much a view may hold: a page with more is not read, and MLflow keeps so much only. */
export interface Extent {
  readonly tasks: number;
  readonly paths: number;
  /** The metrics that nobody asked for, in a section that is closed. */
  readonly hasOthers: boolean;
}

export interface Yardstick {
  readonly head: string;
  /** Its first metric; `loss` where it has none. */
  readonly name: string;
}

export const yardsticksOf = ({ heads }: RunView, { tasks }: Extent): readonly Yardstick[] =>
  Object.entries(heads)
    .slice(0, tasks)
    .map(([head, { metrics }]) => ({ head, name: metrics[0]?.name ?? 'loss' }));

export const reachedKey = (split: string, { head, name }: Yardstick): string =>
  `best/${split}/${head}/${name}`;

/** Where it was compared: on the test split, if there is one. */
export const splitOf = ({ trials }: RunView): 'test' | 'validation' =>
  trials.some(({ metrics }) => Object.keys(metrics).some((name) => name.startsWith('test/')))
    ? 'test'
    : 'validation';

const jointTrials = ({ trials }: RunView) => trials.filter(({ control }) => control === null);

/** As MLflow holds it, of each joint trial. */
export const jointValues = (view: RunView, path: string): readonly string[] =>
  jointTrials(view).map(({ parameters }) =>
    path in parameters ? parameterText(parameters[path]) : '',
  );

/** Of joint trials, those paths whose values differ. */
export function variedPaths(view: RunView): readonly string[] {
  const paths = new Set(jointTrials(view).flatMap(({ parameters }) => Object.keys(parameters)));
  return [...paths].filter((path) => new Set(jointValues(view, path)).size > 1);
}

/** Those of them that are numbers in all joint trials, the most important one first. */
export function numericPaths(view: RunView): readonly string[] {
  const trials = jointTrials(view);
  const numeric = variedPaths(view).filter((path) =>
    trials.every(({ parameters }) => typeof parameters[path] === 'number'),
  );
  const choices = choicesOf(trials);
  const importance = new Map(numeric.map((path) => [path, importanceOf(view, choices, path)]));
  return numeric.sort((one, other) => (importance.get(other) ?? 0) - (importance.get(one) ?? 0));
}

/** The part of the variance between choices that this path explains by itself, summed over the heads. */
function importanceOf({ heads }: RunView, choices: readonly ChoiceView[], path: string): number {
  const parts = Object.entries(heads).map(([head, { metrics }]) => {
    const key = `validation/${head}/${metrics[0]?.name ?? 'loss'}`;
    const known = choices
      .map(({ parameters, finished }) => ({
        value: parameters[path],
        mean: metricSpread({ finished }, key).mean,
      }))
      .filter(({ mean }) => Number.isFinite(mean));
    const values = [...new Set(known.map(({ value }) => value))];
    const groups = values.map((value) => known.filter((each) => each.value === value));
    const all = meanOf(known);
    const total = known.reduce((sum, { mean }) => sum + (mean - all) ** 2, 0);
    const between = groups.reduce(
      (sum, group) => sum + group.length * (meanOf(group) - all) ** 2,
      0,
    );
    return total > 0 ? between / total : 0;
  });
  return parts.reduce((sum, part) => sum + part, 0);
}

const meanOf = (known: readonly { readonly mean: number }[]): number =>
  known.reduce((sum, { mean }) => sum + mean, 0) / Math.max(1, known.length);
