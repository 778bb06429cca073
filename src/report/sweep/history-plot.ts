/** @file How the search went: the best value so far, and the growth of the hypervolume. */
import { axis, blue, draw, grey, orange } from '../draw.ts';
import { formatValue } from '../format.ts';
import { costOf } from './finished.ts';
import type { HypervolumeHistory } from './pareto.ts';
import {
  beyondText,
  contentTop,
  drawnText,
  frame,
  type Plotted,
  rangeOf,
  valueAxis,
  within,
} from './plotted.ts';
import { shortMetric } from './words.ts';

const width = 520;
const height = 300;

const choiceAxis = (count: number) => ({
  ...axis,
  type: 'value',
  name: 'finished choices',
  nameLocation: 'middle',
  nameGap: 26,
  min: 1,
  max: Math.max(2, count),
  minInterval: 1,
  splitLine: { show: false },
});

/** The best value after each choice, with the first choice that has any; NaN until then. */
export function bestSoFar(
  values: readonly number[],
  direction: 'minimize' | 'maximize',
): readonly number[] {
  let best = Number.NaN;
  return values.map((value) => {
    const isBetter = Number.isNaN(best) || costOf(value, direction) < costOf(best, direction);
    if (Number.isFinite(value) && isBetter) best = value;
    return best;
  });
}

/** Null for fewer than two choices. */
export function historyPlot(sweep: Plotted, index: number): string | null {
  const { choices, objective, shown } = sweep;
  const { metric, direction } = objective[index] ?? { metric: '', direction: 'minimize' as const };
  const values = choices.map((choice) => choice.values[index] ?? Number.NaN);
  const best = bestSoFar(values, direction);
  const last = best.at(-1);
  if (choices.length < 2 || last === undefined || Number.isNaN(last)) return null;
  const range = rangeOf(values, direction);
  const points = shown.flatMap((place) => {
    const value = values[place] ?? Number.NaN;
    return Number.isFinite(value) ? [[place + 1, within(range, value)]] : [];
  });
  const line = corners(best).map(([place, value]) => [place + 1, within(range, value)]);
  const captions = [`${direction}; orange: the best so far, at last ${formatValue(last)}`];
  return draw(width, height, {
    ...frame(width, `Optimisation history of ${shortMetric(metric)}`, [
      ...captions,
      beyondText(range),
      drawnText(sweep),
    ]),
    grid: { left: 72, right: 22, top: contentTop, bottom: 46 },
    xAxis: choiceAxis(choices.length),
    yAxis: valueAxis(shortMetric(metric), range, 52),
    series: [
      { type: 'scatter', data: points, symbolSize: 6, itemStyle: { color: grey, opacity: 0.6 } },
      { ...stepLine, data: line, lineStyle: { color: orange, width: 2.5 } },
    ],
  });
}

export function hypervolumePlot({ history, value }: HypervolumeHistory): string {
  const line = corners(history.map((each) => each.value)).map(([place, own]) => [place + 1, own]);
  const captions = [
    `of the box from the worst values seen to the best, at last ${formatValue(value)}`,
  ];
  return draw(width, height, {
    ...frame(width, 'Hypervolume of the Pareto front', captions),
    grid: { left: 72, right: 22, top: contentTop, bottom: 46 },
    xAxis: choiceAxis(history.length),
    yAxis: {
      ...axis,
      type: 'value',
      min: 0,
      max: 1,
      name: 'share of the box',
      nameLocation: 'middle',
      nameGap: 52,
    },
    series: [
      {
        ...stepLine,
        data: line,
        lineStyle: { color: blue, width: 2.5 },
        areaStyle: { color: blue, opacity: 0.08 },
      },
    ],
  });
}

const stepLine = { type: 'line', step: 'end', showSymbol: false };

/** Where the values change, and the last place: what a line of steps needs. */
function corners(values: readonly number[]): readonly (readonly [number, number])[] {
  return [...values.entries()].filter(
    ([place, value]) =>
      !Number.isNaN(value) && (place === values.length - 1 || value !== values[place - 1]),
  );
}
