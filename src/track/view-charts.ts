/** @file The charts of a saved view, as MLflow 3.17 keeps them. */

/** Of MLflow's UI: its fields are not documented. */
export type Chart = Readonly<Record<string, unknown>>;

export interface Section {
  readonly id: string;
  readonly name: string;
  /** Charts side by side, 1 to 5. */
  readonly columns: number;
  /** In pixels. */
  readonly height: number;
  readonly isOpen: boolean;
  readonly charts: readonly Chart[];
}

/** Without sections that have no chart. */
export function layoutOf(sections: readonly Section[]) {
  const filled = sections.filter(({ charts }) => charts.length > 0);
  return {
    isAccordionReordered: true,
    compareRunSections: filled.map(({ id, name, columns, height, isOpen }) => ({
      ...{ uuid: id, name, columns, cardHeight: height, display: isOpen },
      ...{ isReordered: true, deleted: false, isGenerated: false },
    })),
    compareRunCharts: filled.flatMap(({ id, charts }) =>
      charts.map((chart, index) => ({
        ...{ uuid: `${id}-${index}`, metricSectionId: id, runsCountToCompare: 1000 },
        ...{ deleted: false, isGenerated: false },
        ...chart,
      })),
    ),
  };
}

/** One bar for each run or group. */
export const bar = (metricKey: string): Chart => ({ type: 'BAR', metricKey });

/** Metrics by epoch: the first one solid, the others dashed. */
export const line = (
  keys: readonly string[],
  range: Readonly<Record<string, number>> = {},
): Chart => ({
  type: 'LINE',
  metricKey: keys[0],
  selectedMetricKeys: keys,
  lineSmoothness: 0,
  xAxisScaleType: 'linear',
  scaleType: 'linear',
  range,
  xAxisKey: 'step',
  selectedXAxisMetricKey: '',
  yAxisKey: 'metric',
  yAxisExpressions: [],
  ignoreOutliers: false,
  useGlobalXaxisKey: true,
  useGlobalLineSmoothing: true,
});

export interface Axis {
  readonly key: string;
  readonly type: 'PARAM' | 'METRIC';
}
export const parameter = (key: string): Axis => ({ key, type: 'PARAM' });
export const metric = (key: string): Axis => ({ key, type: 'METRIC' });

export const scatter = (xaxis: Axis, yaxis: Axis): Chart => ({ type: 'SCATTER', xaxis, yaxis });

export const contour = (xaxis: Axis, yaxis: Axis, zaxis: Axis): Chart => ({
  ...{ type: 'CONTOUR', xaxis, yaxis, zaxis },
});

export const parallel = (parameters: readonly string[], metrics: readonly string[]): Chart => ({
  type: 'PARALLEL',
  selectedParams: parameters,
  selectedMetrics: metrics,
  showAllRuns: true,
});
