/** @file Plots as SVG, drawn without a browser. */
import { choicesOf, rankChoices, rankedJoint } from './choices.ts';
import { axis, blue, draw, grey, orange, text } from './draw.ts';
import type { TaskGain } from './gain.ts';
import type { RunView, TrialView } from './read-run.ts';

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
