/** @file Plots as SVG, drawn without a browser. */

import { CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { choicesOf, rankChoices, rankedJoint } from './choices.ts';
import { formatValue, shortNames } from './format.ts';
import type { TaskGain } from './gain.ts';
import type { RunView, TrialView } from './read-run.ts';

use([CustomChart, LineChart, ScatterChart, GridComponent, MarkLineComponent, SVGRenderer]);

const blue = '#2563eb';
const orange = '#d97706';
const grey = '#8a8f98';
const text = { color: '#52565e', fontFamily: 'system-ui, sans-serif' };
const axis = {
  nameTextStyle: text,
  axisLabel: { ...text, formatter: (value: number) => String(Number(value.toPrecision(4))) },
  splitLine: { lineStyle: { color: '#e6e8eb' } },
  axisLine: { lineStyle: { color: '#c8ccd2' } },
};

function draw(width: number, height: number, option: object): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ animation: false, backgroundColor: 'transparent', ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // Sized by the page, drawn in these proportions.
  return svg.replace(
    /<svg width="\d+" height="\d+"/,
    `<svg viewBox="0 0 ${width} ${height}" role="img"`,
  );
}

/** The relative gain of each task with its interval, and the line of no gain. */
export function gainPlot(gains: readonly TaskGain[]): string {
  const known = gains.filter(({ gain, control }) => gain && control);
  const percent = ({ control }: TaskGain, value: number) =>
    (100 * value) / Math.abs(control?.mean ?? 1);
  const points = known.map((each, row) => [percent(each, each.gain?.mean ?? 0), row]);
  const bars = known.flatMap((each, row) =>
    each.interval ? [[percent(each, each.interval[0]), percent(each, each.interval[1]), row]] : [],
  );
  return draw(760, 70 + 54 * known.length, {
    grid: { left: 150, right: 30, top: 14, bottom: 46 },
    xAxis: {
      ...axis,
      type: 'value',
      name: 'gain of joint training over the task alone, %',
      nameLocation: 'middle',
      nameGap: 28,
    },
    yAxis: {
      ...axis,
      type: 'category',
      inverse: true,
      data: known.map(({ task, metric }) => `${task} (${metric})`),
      axisLabel: { ...text, fontSize: 13 },
    },
    series: [
      { type: 'custom', data: bars, encode: { x: [0, 1], y: 2 }, renderItem: intervalBar },
      {
        type: 'scatter',
        data: points,
        symbolSize: 13,
        itemStyle: { color: blue },
        markLine: zeroLine,
      },
    ],
  });
}

const zeroLine = {
  symbol: 'none',
  silent: true,
  label: { show: false },
  lineStyle: { color: grey, type: 'dashed' },
  data: [{ xAxis: 0 }],
};

/** A line from the low to the high end of an interval, in echarts' own terms. */
function intervalBar(
  _: unknown,
  api: { value(at: number): number; coord(point: number[]): number[] },
) {
  const [fromX = 0, y = 0] = api.coord([api.value(0), api.value(2)]);
  const [toX = 0] = api.coord([api.value(1), api.value(2)]);
  return {
    type: 'line',
    shape: { x1: fromX, y1: y, x2: toX, y2: y },
    style: { stroke: blue, lineWidth: 3, lineCap: 'round' },
  };
}

/** Losses of one task over the epochs: the best joint choice and the best control, each replicate. */
export function curvePlot(view: RunView, task: string): string | null {
  const [joint] = rankedJoint(view);
  const controls = view.trials.filter((trial) => trial.control !== null && trial.tasks[0] === task);
  const [first] = view.heads[task]?.metrics ?? [];
  const byMetric = first
    ? [{ metric: `validation/${task}/${first.name}`, direction: first.direction }]
    : [];
  const [control] = rankChoices(choicesOf(controls), byMetric);
  const lines = [
    ...curves(joint?.finished ?? [], task, 'jointly', blue),
    ...curves(control?.finished ?? [], task, 'alone', orange),
  ];
  if (lines.length === 0) return null;
  return draw(520, 300, {
    grid: { left: 62, right: 16, top: 16, bottom: 44 },
    xAxis: {
      ...axis,
      type: 'value',
      name: 'epoch',
      nameLocation: 'middle',
      nameGap: 24,
      min: 1,
      minInterval: 1,
    },
    yAxis: {
      ...axis,
      type: 'value',
      scale: true,
      name: `loss of ${task}`,
      nameLocation: 'middle',
      nameGap: 46,
    },
    series: lines,
  });
}

function curves(trials: readonly TrialView[], task: string, label: string, color: string) {
  return (['train', 'validation'] as const).flatMap((split) =>
    trials.map(({ curve }) => ({
      name: `${label}, ${split}`,
      type: 'line',
      showSymbol: curve.length < 2,
      data: curve.map((metrics, index) => [index + 1, metrics[`${split}/${task}/loss`] ?? null]),
      lineStyle: {
        color,
        width: split === 'train' ? 1 : 2,
        type: split === 'train' ? 'dashed' : 'solid',
        opacity: 0.75,
      },
      itemStyle: { color },
    })),
  );
}

/** One metric of the joint trials against the values of one swept path. */
export function parameterPlot(view: RunView, path: string, metric: string): string {
  const trials = view.trials.filter(
    ({ control, status }) => control === null && status === 'finished',
  );
  const label = (value: unknown) =>
    typeof value === 'object' ? JSON.stringify(value) : String(value);
  const values = [...new Set(trials.map(({ parameters }) => label(parameters[path])))];
  const points = trials.map(({ parameters, metrics }) => [
    label(parameters[path]),
    metrics[metric] ?? null,
  ]);
  const name = shortNames(Object.keys(trials[0]?.parameters ?? {})).get(path) ?? path;
  return draw(520, 300, {
    grid: { left: 66, right: 14, top: 16, bottom: 48 },
    xAxis: {
      ...axis,
      type: 'category',
      data: values.map((value) => (value.length > 20 ? `${value.slice(0, 19)}…` : value)),
      name,
      nameLocation: 'middle',
      nameGap: 28,
      axisLabel: text,
    },
    yAxis: {
      ...axis,
      type: 'value',
      scale: true,
      name: metric.replace('validation/', ''),
      nameLocation: 'middle',
      nameGap: 50,
      axisLabel: { ...text, formatter: (value: number) => formatValue(value) },
    },
    series: [
      { type: 'scatter', data: points, symbolSize: 9, itemStyle: { color: blue, opacity: 0.6 } },
    ],
  });
}
