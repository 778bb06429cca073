/** @file The search space in a saved view: parallel coordinates, scatters, contours. */
import { type ChoiceView, choicesOf } from '../report/choices.ts';
import type { RunView } from '../report/index.ts';
import { parameterKey } from './trial-run.ts';
import {
  type Extent,
  jointValues,
  numericPaths,
  reachedKey,
  splitOf,
  variedPaths,
  type Yardstick,
  yardsticksOf,
} from './view-axes.ts';
import { contour, metric, parallel, parameter, type Section, scatter } from './view-charts.ts';

/** What averages over replicates can show: numbers, of joint choices and controls alike. */
export function groupedSpace(view: RunView, extent: Extent): readonly Section[] {
  const choices = choicesOf(view.trials);
  const paths = numericPaths(view);
  const pairs = paths.flatMap((one, at) =>
    paths.slice(at + 1).map((other) => [one, other] as const),
  );
  return sectionsOf(view, extent, {
    // The UI shows none at all where one group lacks a number for a path.
    paths: paths.filter((path) => choices.every((choice) => has(choice, path))),
    metrics: axesOf(choices, yardsticksOf(view, extent)),
    x: paths[0],
    surface: ({ head }) => pairs.find((pair) => isJointSurface(view, choices, head, pair)),
  });
}

const has = ({ parameters }: ChoiceView, path: string): boolean => Object.hasOwn(parameters, path);

/**
 * Whether a contour of this head is of joint choices alone. The UI draws one point upon the other, the
 * first of the list last: that hides controls that have no value for the metric that the list is ordered
 * by, if there is a joint choice at the same place.
 */
function isJointSurface(
  { objective }: RunView,
  choices: readonly ChoiceView[],
  head: string,
  pair: readonly [string, string],
): boolean {
  const place = ({ parameters }: ChoiceView) =>
    JSON.stringify(pair.map((path) => parameters[path] ?? null));
  const isThere = (choice: ChoiceView) => pair.every((path) => has(choice, path));
  const joint = new Set(choices.filter(({ control }) => control === null).map(place));
  const isFirst = objective[0]?.metric.startsWith(`validation/${head}/`) ?? true;
  return choices
    .filter((choice) => choice.control !== null && choice.tasks.includes(head) && isThere(choice))
    .every((choice) => !isFirst && joint.has(place(choice)));
}

/**
 * The metrics that parallel coordinates can take: of an axis that less than half of the lines have
 * a number for, the UI believes that it holds words, and drops all numbers.
 */
function axesOf(choices: readonly ChoiceView[], yardsticks: readonly Yardstick[]) {
  let left = choices;
  return yardsticks.filter(({ head }) => {
    const having = left.filter(({ tasks }) => tasks.includes(head));
    if (having.length < left.length / 2) return false;
    left = having;
    return true;
  });
}

/** An axis of words is not readable with longer ones. */
const longestWord = 20;

/** Joint trials one by one: words as well, and how far validation and test agree. */
export function trialSpace(view: RunView, extent: Extent): readonly Section[] {
  const numeric = numericPaths(view);
  const words = variedPaths(view).filter((path) => !numeric.includes(path));
  const isShort = (path: string) =>
    jointValues(view, path).every((text) => text.length <= longestWord);
  const yardsticks = yardsticksOf(view, extent);
  const [first, second] = numeric;
  const spaces = sectionsOf(view, extent, {
    paths: [...numeric, ...words],
    metrics: yardsticks,
    x: first ?? words.find(isShort),
    surface: () => (first !== undefined && second !== undefined ? [first, second] : undefined),
  });
  const pairs = yardsticks.map((each) =>
    scatter(metric(reachedKey('validation', each)), metric(reachedKey('test', each))),
  );
  const agreement = { id: 'agreement', name: 'Validation and test', columns: 2, height: 400 };
  return splitOf(view) === 'test'
    ? [...spaces, { ...agreement, isOpen: true, charts: pairs }]
    : spaces;
}

interface Space {
  /** Of the parallel coordinates. */
  readonly paths: readonly string[];
  readonly metrics: readonly Yardstick[];
  /** Of the scatters. */
  readonly x: string | undefined;
  /** Of a head's contour. */
  readonly surface: (yardstick: Yardstick) => readonly [string, string] | undefined;
}

/** More axes stand too close to each other. */
const mostMetricAxes = 6;

function sectionsOf(view: RunView, extent: Extent, space: Space): readonly Section[] {
  const reached = (each: Yardstick) => reachedKey('validation', each);
  const of = (path: string) => parameter(parameterKey(path));
  const yardsticks = yardsticksOf(view, extent);
  const { x, surface } = space;
  const paths = space.paths.slice(0, extent.paths).map(parameterKey);
  const metrics = space.metrics.slice(0, mostMetricAxes).map(reached);
  const isSwept = variedPaths(view).length > 0;
  const hasAxes = isSwept && metrics.length > 0 && paths.length + metrics.length > 1;
  const scatters =
    x === undefined ? [] : yardsticks.map((each) => scatter(of(x), metric(reached(each))));
  const contours = yardsticks.flatMap((each) => {
    const pair = surface(each);
    return pair ? [contour(of(pair[0]), of(pair[1]), metric(reached(each)))] : [];
  });
  const common = { height: 400, isOpen: true };
  return [
    {
      ...{ id: 'parallel', name: 'From parameters to metrics', columns: 1, ...common },
      charts: hasAxes ? [parallel(paths, metrics)] : [],
    },
    {
      ...{ id: 'space', name: 'Search space', columns: 2, ...common },
      charts: [...scatters, ...contours],
    },
  ];
}
