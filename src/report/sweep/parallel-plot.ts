/** @file Every choice as a line across its parameters and objectives, coloured by one of these. */
import { draw, text } from '../draw.ts';
import { ticksOf, tickText } from '../trial/axes.ts';
import { costOf } from './finished.ts';
import { placeOn, type SweptParameter } from './parameters.ts';
import { drawnText, frame, type Plotted, rangeOf, type ValueRange, within } from './plotted.ts';
import { shortMetric } from './words.ts';

const width = 1040;
/** More axes cannot be read. */
const mostAxes = 12;

/** `index`: the objective that gives the colour. Null for fewer than two choices. */
export function parallelPlot(sweep: Plotted, index: number): string | null {
  const { choices, objective } = sweep;
  const parameters = sweep.parameters.slice(0, Math.max(1, mostAxes - objective.length));
  if (choices.length < 2 || parameters.length === 0) return null;
  const ranges = objective.map((each, at) =>
    rangeOf(
      choices.map(({ values }) => values[at] ?? Number.NaN),
      each.direction,
    ),
  );
  const left = sweep.parameters.length - parameters.length;
  const captions = [
    `coloured by ${shortMetric(objective[index]?.metric ?? '')}: dark blue the best, pale orange the worst`,
    left > 0 ? `${left} more parameters are not shown` : '',
    drawnText(sweep),
  ];
  return draw(width, 420, {
    ...frame(width, 'Choices across parameters and objectives', captions),
    parallel: { left: 70, right: 90, top: 108, bottom: 34, parallelAxisDefault: axisStyle },
    parallelAxis: [
      ...parameters.map((parameter, dim) => ({ dim, ...parameterAxis(parameter) })),
      ...objective.map(({ metric, direction }, at) => ({
        dim: parameters.length + at,
        name: shortMetric(metric),
        type: 'value',
        min: ranges[at]?.min,
        max: ranges[at]?.max,
        // Better is up.
        inverse: direction === 'minimize',
        nameLocation: direction === 'minimize' ? 'start' : 'end',
        axisLabel: { ...label, showMinLabel: false, showMaxLabel: false, formatter: tickText },
      })),
    ],
    series: [{ type: 'parallel', smooth: 0.15, data: linesOf(sweep, index, parameters, ranges) }],
  });
}

/** The best are drawn last, on top. */
function linesOf(
  { choices, objective, shown }: Plotted,
  index: number,
  parameters: readonly SweptParameter[],
  ranges: readonly ValueRange[],
): readonly object[] {
  const direction = objective[index]?.direction ?? 'minimize';
  const costs = choices.map(({ values }) => costOf(values[index] ?? Number.NaN, direction));
  const ranks = rankShares(costs);
  const order = shown
    .filter((place) => Number.isFinite(costs[place]))
    .sort((one, other) => (ranks[other] ?? 0) - (ranks[one] ?? 0));
  return order.map((place) => {
    const rank = ranks[place] ?? 1;
    const measured = ranges.map((range, at) => {
      const value = choices[place]?.values[at] ?? Number.NaN;
      return Number.isFinite(value) ? within(range, value) : '-';
    });
    const cells = parameters.map((parameter) => cellOf(parameter, place));
    const [lineWidth, opacity] = [rank < 0.05 ? 2 : 1, 0.9 - 0.65 * rank];
    return {
      value: [...cells, ...measured],
      lineStyle: { color: heat(rank), width: lineWidth, opacity },
    };
  });
}

const label = {
  ...text,
  fontSize: 11,
  // Read across the lines.
  backgroundColor: 'rgba(255,255,255,0.8)',
  padding: [1, 3],
};
const axisStyle = {
  z: 5,
  nameTextStyle: { ...text, fontSize: 12, color: '#1c1f24', width: 110, overflow: 'truncate' },
  nameGap: 14,
  axisLine: { lineStyle: { color: '#9aa0a8' } },
  axisTick: { lineStyle: { color: '#9aa0a8' } },
  axisLabel: label,
};

/** Where on every parameter's axis what is not set lies, and how far it reaches. */
const unset = -0.14;

function parameterAxis(parameter: SweptParameter): object {
  const ticks = new Map(ticksOn(parameter));
  if (parameter.inactive > 0) ticks.set(unset, 'not set');
  const customValues = [...ticks.keys()];
  return {
    name: parameter.name,
    type: 'value',
    min: parameter.inactive > 0 ? unset : 0,
    max: 1,
    axisTick: { customValues },
    axisLabel: { ...label, customValues, formatter: (at: number) => ticks.get(at) ?? '' },
  };
}

/** From 0 at the foot of the axis to 1 at its top, with the words beside it. */
function ticksOn({ scale, labels, range }: SweptParameter): readonly (readonly [number, string])[] {
  if (labels.length > 0) return labels.map((word, at) => [stepAt(at, labels.length), cut(word)]);
  const place = placeOn(scale, range);
  const [low, high] = range;
  const powers = Array.from({ length: 40 }, (_, power) => 10 ** (power - 20));
  const round = scale === 'log' ? powers : ticksOf(range);
  const inside = round.filter((value) => value >= low && value <= high);
  return (inside.length > 1 ? inside : range).map((value) => [place(value), tickText(value)]);
}

const cut = (word: string): string => (word.length > 14 ? `${word.slice(0, 13)}…` : word);

const stepAt = (at: number, count: number): number => (count > 1 ? at / (count - 1) : 0.5);

function cellOf({ labels, places }: SweptParameter, place: number): number {
  const at = places[place] ?? -1;
  if (at < 0) return unset;
  return labels.length > 0 ? stepAt(at, labels.length) : at;
}

/** The share of choices that are better: 0 for the best, 1 for the worst. */
function rankShares(costs: readonly number[]): readonly number[] {
  const order = [...costs.keys()]
    .filter((place) => Number.isFinite(costs[place]))
    .sort((one, other) => (costs[one] ?? 0) - (costs[other] ?? 0));
  const shares = Array<number>(costs.length).fill(1);
  for (const [rank, place] of order.entries())
    shares[place] = order.length > 1 ? rank / (order.length - 1) : 0;
  return shares;
}

/** From dark blue over grey to pale orange. */
function heat(share: number): string {
  const stops = [
    [23, 64, 180],
    [150, 160, 185],
    [244, 190, 120],
  ];
  const at = Math.min(1.999, 2 * share);
  const [from = [], to = []] = [stops[Math.floor(at)], stops[Math.floor(at) + 1]];
  const mixed = from.map((part, index) =>
    Math.round(part + (at % 1) * ((to[index] ?? part) - part)),
  );
  return `rgb(${mixed.join(',')})`;
}
