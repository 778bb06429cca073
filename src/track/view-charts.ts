/** @file The charts of a saved view and the sections that they lie in. */
import type { RunView } from '../report/index.ts';

export interface ChartSection {
  readonly uuid: string;
  readonly name: string;
}
export type Chart = Readonly<Record<string, unknown>>;

/** More tasks or paths than these would make a page that nobody reads. */
const mostTasks = 12;
const mostPaths = 8;

export interface Layout {
  readonly sections: readonly ChartSection[];
  readonly charts: readonly Chart[];
}

type Section = readonly [uuid: string, name: string, charts: readonly Chart[]];

/** Averages over replicates: the answer, the search space, and curves of each task. */
export function choiceCharts(view: RunView): Layout {
  const split = hasTest(view) ? 'test' : 'validation';
  const reached = yardsticks(view).map(({ head, name }) => bar(`best/${split}/${head}/${name}`));
  return layout([
    ['answer', 'Jointly and alone', reached],
    // Averages have no axis for words, nor for what some of the trials lack.
    ['space', 'Search space', spaceCharts(view, numericPaths(view.trials))],
    ...tasksOf(view).map(
      ([head, { metrics }]): Section => [
        `curves-${head}`,
        `Curves of ${head}`,
        [
          line(view, [`validation/${head}/loss`, `train/${head}/loss`]),
          ...metrics.map(({ name }) => line(view, [`validation/${head}/${name}`])),
        ],
      ],
    ),
  ]);
}

/** Each joint trial by itself: the whole search space, words as well. */
export function trialCharts(view: RunView): Layout {
  const joint = view.trials.filter(({ control }) => control === null);
  return layout([['space', 'Search space', spaceCharts(view, variedPaths(joint))]]);
}

function layout(given: readonly Section[]): Layout {
  const filled = given.filter(([, , charts]) => charts.length > 0);
  return {
    sections: filled.map(([uuid, name]) => ({ uuid, name })),
    charts: filled.flatMap(([uuid, , charts]) =>
      charts.map((chart, index) => ({
        ...common,
        uuid: `${uuid}-${index}`,
        metricSectionId: uuid,
        ...chart,
      })),
    ),
  };
}

const tasksOf = ({ heads }: RunView) => Object.entries(heads).slice(0, mostTasks);

/** Each head's first metric. */
const yardsticks = (view: RunView) =>
  tasksOf(view).flatMap(([head, { metrics }]) =>
    metrics.slice(0, 1).map(({ name }) => ({ head, name })),
  );

const common = { runsCountToCompare: 1000, deleted: false, isGenerated: false };

const hasTest = ({ trials }: RunView): boolean =>
  trials.some(({ metrics }) => Object.keys(metrics).some((name) => name.startsWith('test/')));

const bar = (metricKey: string): Chart => ({ type: 'BAR', metricKey });

const line = (view: RunView, keys: readonly string[]): Chart => ({
  type: 'LINE',
  metricKey: keys[0],
  selectedMetricKeys: keys,
  lineSmoothness: 0,
  xAxisScaleType: 'linear',
  scaleType: 'linear',
  range: rangeOf(view, keys),
  xAxisKey: 'step',
  selectedXAxisMetricKey: '',
  yAxisKey: 'metric',
  yAxisExpressions: [],
  ignoreOutliers: false,
  useGlobalXaxisKey: true,
  useGlobalLineSmoothing: true,
});

/** By itself the axis begins at zero, where curves lie flat upon each other. */
function rangeOf({ trials }: RunView, keys: readonly string[]): Readonly<Record<string, number>> {
  const values = trials.flatMap(({ curve }) =>
    curve.flatMap((metrics) =>
      keys.flatMap((key) => {
        const value = metrics[key];
        return value !== undefined && Number.isFinite(value) ? [value] : [];
      }),
    ),
  );
  if (values.length === 0) return {};
  const low = values.reduce((one, other) => Math.min(one, other));
  const high = values.reduce((one, other) => Math.max(one, other));
  const margin = 0.04 * (high - low || Math.abs(high) || 1);
  const epochs = Math.max(2, ...trials.map(({ curve }) => curve.length));
  const rounded = (value: number) => Number(value.toPrecision(5));
  return { xMin: 1, xMax: epochs, yMin: rounded(low - margin), yMax: rounded(high + margin) };
}

interface Paths {
  /** Those whose values differ. */
  readonly varied: readonly string[];
  /** Those of them that every trial has as a number. */
  readonly numeric: readonly string[];
}

function spaceCharts(view: RunView, { varied, numeric }: Paths): readonly Chart[] {
  const metrics = yardsticks(view).map(({ head, name }) => `best/validation/${head}/${name}`);
  const [first, second] = numeric;
  if (varied.length === 0) return [];
  const parallel = {
    type: 'PARALLEL',
    selectedParams: varied.slice(0, mostPaths),
    selectedMetrics: metrics.slice(0, mostPaths),
    showAllRuns: true,
  };
  const scatters = metrics.map((key) => ({
    type: 'SCATTER',
    xaxis: { key: first ?? varied[0], type: 'PARAM' },
    yaxis: { key, type: 'METRIC' },
  }));
  const contours =
    first === undefined || second === undefined
      ? []
      : metrics.map((key) => ({
          type: 'CONTOUR',
          xaxis: { key: first, type: 'PARAM' },
          yaxis: { key: second, type: 'PARAM' },
          zaxis: { key, type: 'METRIC' },
        }));
  return [parallel, ...scatters, ...contours];
}

function variedPaths(trials: RunView['trials']): Paths {
  const values = new Map<string, unknown[]>();
  for (const { parameters } of trials)
    for (const [path, value] of Object.entries(parameters)) {
      const key = parameterKey(path);
      values.set(key, [...(values.get(key) ?? []), value]);
    }
  const varied = [...values].filter(
    ([, own]) => new Set(own.map((value) => JSON.stringify(value))).size > 1,
  );
  const numeric = varied.filter(
    ([, own]) => own.length === trials.length && own.every((value) => typeof value === 'number'),
  );
  return { varied: varied.map(([path]) => path), numeric: numeric.map(([path]) => path) };
}

function numericPaths(trials: RunView['trials']): Paths {
  const { numeric } = variedPaths(trials);
  return { varied: numeric, numeric };
}

/** MLflow has no brackets in keys. */
export const parameterKey = (path: string): string => path.replace(/\[(\d+)\]/g, '.$1');
