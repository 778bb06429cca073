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

/** Answer first, then the search space, then curves for each task. */
export function charts(view: RunView): {
  readonly sections: readonly ChartSection[];
  readonly drawn: readonly Chart[];
} {
  const tasks = Object.entries(view.heads).slice(0, mostTasks);
  const drawn: Chart[] = [];
  const sections: ChartSection[] = [];
  const section = (uuid: string, name: string, own: readonly Chart[]) => {
    if (own.length === 0) return;
    sections.push({ uuid, name });
    for (const [index, chart] of own.entries())
      drawn.push({ ...common, uuid: `${uuid}-${index}`, metricSectionId: uuid, ...chart });
  };
  const yardsticks = tasks.flatMap(([head, { metrics }]) =>
    metrics.slice(0, 1).map(({ name }) => ({ head, name })),
  );
  const split = hasTest(view) ? 'test' : 'validation';
  const reached = yardsticks.map(({ head, name }) => bar(`best/${split}/${head}/${name}`));
  section('answer', 'Jointly and alone', reached);
  section('space', 'Search space', spaceCharts(view, yardsticks));
  for (const [head, { metrics }] of tasks) {
    const names = metrics.map(({ name }) => name);
    section(`curves-${head}`, `Curves of ${head}`, [
      line([`validation/${head}/loss`, `train/${head}/loss`], `${head}: loss`),
      ...names.map((name) => line([`validation/${head}/${name}`], `${head}: ${name}`)),
    ]);
  }
  return { sections, drawn };
}

const common = { runsCountToCompare: 1000, deleted: false, isGenerated: false };

const hasTest = ({ trials }: RunView): boolean =>
  trials.some(({ metrics }) => Object.keys(metrics).some((name) => name.startsWith('test/')));

const bar = (metricKey: string): Chart => ({ type: 'BAR', metricKey });

const line = (keys: readonly string[], displayName: string): Chart => ({
  type: 'LINE',
  metricKey: keys[0],
  selectedMetricKeys: keys,
  displayName,
  lineSmoothness: 0,
  xAxisScaleType: 'linear',
  scaleType: 'linear',
  range: {},
  xAxisKey: 'step',
  selectedXAxisMetricKey: '',
  yAxisKey: 'metric',
  yAxisExpressions: [],
  ignoreOutliers: false,
  useGlobalXaxisKey: true,
  useGlobalLineSmoothing: true,
});

function spaceCharts(
  view: RunView,
  yardsticks: readonly { readonly head: string; readonly name: string }[],
): readonly Chart[] {
  const { paths, numeric } = variedPaths(view);
  const metrics = yardsticks.map(({ head, name }) => `best/validation/${head}/${name}`);
  const [first, second] = numeric;
  if (paths.length === 0) return [];
  const parallel = {
    type: 'PARALLEL',
    selectedParams: paths.slice(0, mostPaths),
    selectedMetrics: metrics.slice(0, mostPaths),
    showAllRuns: true,
  };
  const scatters = metrics.map((key) => ({
    type: 'SCATTER',
    xaxis: { key: first ?? paths[0], type: 'PARAM' },
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

/** Paths whose values differ among the joint trials, and those of them whose values are numbers. */
function variedPaths({ trials }: RunView) {
  const joint = trials.filter(({ control }) => control === null);
  const values = new Map<string, unknown[]>();
  for (const { parameters } of joint)
    for (const [path, value] of Object.entries(parameters)) {
      const key = path.replace(/\[(\d+)\]/g, '.$1');
      values.set(key, [...(values.get(key) ?? []), value]);
    }
  const varied = [...values].filter(
    ([, own]) => new Set(own.map((value) => JSON.stringify(value))).size > 1,
  );
  const isNumeric = ([, own]: (typeof varied)[number]) =>
    own.every((value) => typeof value === 'number');
  return {
    paths: varied.map(([path]) => path),
    numeric: varied.filter(isNumeric).map(([path]) => path),
  };
}
