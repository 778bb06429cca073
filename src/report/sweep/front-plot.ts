/** @file Two objectives against each other, and the choices that no other beats. */
import { blue, draw, grey, orange } from '../draw.ts';
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

/** `across`, `up`: which of the objectives. Null for fewer than two choices. */
export function frontPlot(sweep: Plotted, across: number, up: number): string | null {
  const { objective, choices, shown, front, best } = sweep;
  const axes = [across, up].map((index) => {
    const { metric, direction } = objective[index] ?? {
      metric: '',
      direction: 'minimize' as const,
    };
    const range = rangeOf(
      choices.map(({ values }) => values[index] ?? Number.NaN),
      direction,
    );
    return { index, name: shortMetric(metric), direction, range };
  });
  const [x, y] = axes;
  if (!x || !y || choices.length < 2) return null;
  const pointOf = (place: number) =>
    [x, y].map(({ index, range }) => within(range, choices[place]?.values[index] ?? Number.NaN));
  const isKnown = (place: number) => pointOf(place).every((value) => !Number.isNaN(value));
  const isMany = objective.length > 2;
  const marked = [...front].filter(isKnown);
  const others = shown.filter((place) => !front.has(place) && isKnown(place));
  const captions = [
    `${x.direction} ${x.name}, ${y.direction} ${y.name}`,
    `blue: the Pareto front${isMany ? ' of all objectives' : ''}, orange: the best mean rank`,
    beyondText({ ...x.range, beyond: x.range.beyond + y.range.beyond }),
  ];
  return draw(width, 380, {
    ...frame(width, `${y.name} against ${x.name}`, [...captions, drawnText(sweep)]),
    grid: { left: 72, right: 26, top: contentTop, bottom: 50 },
    xAxis: valueAxis(x.name, x.range, 30),
    yAxis: valueAxis(y.name, y.range, 52),
    series: [
      points(others.map(pointOf), grey, 7, 0.45),
      ...(isMany ? [] : [stairs(marked.map(pointOf), x.direction, y.direction)]),
      points(marked.map(pointOf), blue, 10, 0.9),
      points([best].filter(isKnown).map(pointOf), orange, 13, 1),
    ],
  });
}

const points = (data: readonly number[][], color: string, symbolSize: number, opacity: number) => ({
  type: 'scatter',
  data,
  symbolSize,
  itemStyle: { color, opacity },
});

/** The edge of what the front dominates. */
function stairs(
  front: readonly number[][],
  across: 'minimize' | 'maximize',
  up: 'minimize' | 'maximize',
): object {
  // From its best value across on: there the edge first goes to the next one's place, then to its height.
  const sign = across === 'maximize' ? -1 : 1;
  const data = [...front].sort(
    ([one = 0, low = 0], [other = 0, high = 0]) =>
      sign * (one - other) || (up === 'maximize' ? low - high : high - low),
  );
  return {
    type: 'line',
    step: 'end',
    data,
    showSymbol: false,
    lineStyle: { color: blue, width: 1.5, opacity: 0.6 },
  };
}
