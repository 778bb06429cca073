/** @file One metric against one swept parameter, a point a choice. */
import { axis, draw, orange, text } from '../draw.ts';
import { tickText } from '../trial/axes.ts';
import type { SweptParameter } from './parameters.ts';
import {
  beyondText,
  contentTop,
  drawnText,
  frame,
  type Plotted,
  rangeOf,
  shade,
  valueAxis,
  within,
} from './plotted.ts';
import { shortMetric } from './words.ts';

const width = 520;

/** `index`: of the objective. Null where no choice has both a value and the parameter. */
export function slicePlot(sweep: Plotted, parameter: SweptParameter, index: number): string | null {
  const { choices, shown, best, objective } = sweep;
  const { metric, direction } = objective[index] ?? { metric: '', direction: 'minimize' as const };
  const values = choices.map((choice) => choice.values[index] ?? Number.NaN);
  const range = rangeOf(values, direction);
  const { places, name } = parameter;
  const isRange = parameter.labels.length === 0;
  const points = shown.flatMap((place, order) => {
    const [value, at] = [values[place] ?? Number.NaN, places[place] ?? -1];
    if (!Number.isFinite(value) || (isRange && at < 0)) return [];
    const x = isRange
      ? choices[place]?.parameters[parameter.path]
      : scattered(parameter, at, order);
    const itemStyle =
      place === best
        ? { color: orange, borderColor: '#fff', borderWidth: 1 }
        : { color: shade(place, choices.length), opacity: 0.8 };
    return [{ value: [x, within(range, value)], itemStyle, symbolSize: place === best ? 13 : 8 }];
  });
  if (points.length === 0) return null;
  const unset = isRange && parameter.inactive > 0 ? `not set in ${parameter.inactive} choices` : '';
  const captions = ['orange: the best choice, darker: later', unset, beyondText(range)];
  return draw(width, 330, {
    ...frame(width, `${shortMetric(metric)} by ${name}`, [...captions, drawnText(sweep)]),
    grid: { left: 72, right: 22, top: contentTop, bottom: 50 },
    xAxis: parameterAxis(parameter),
    yAxis: valueAxis(shortMetric(metric), range, 52),
    series: [{ type: 'scatter', data: points }],
  });
}

/** Points of one step lie side by side: by the golden ratio, which fills a stripe evenly. */
function scattered({ labels }: SweptParameter, place: number, order: number): number {
  const at = place < 0 ? labels.length : place;
  return at + 0.5 * (((order * 0.618033988749895) % 1) - 0.5);
}

function parameterAxis(parameter: SweptParameter): object {
  const { name, scale, labels, inactive, range } = parameter;
  const named = { ...axis, name, nameLocation: 'middle', nameGap: 30 };
  if (labels.length === 0) {
    const [low, high] = range;
    if (scale === 'log')
      return { ...named, type: 'log', min: low / 1.2, max: high * 1.2, axisLabel: powers };
    const margin = 0.04 * (high - low);
    const axisLabel = { ...axis.axisLabel, showMinLabel: false, showMaxLabel: false };
    return { ...named, type: 'value', min: low - margin, max: high + margin, axisLabel };
  }
  const words = inactive > 0 ? [...labels, 'not set'] : labels;
  const customValues = [...words.keys()];
  const room = (width - 94) / words.length;
  return {
    ...named,
    type: 'value',
    min: -0.6,
    max: words.length - 0.4,
    splitLine: { show: false },
    axisTick: { customValues },
    axisLabel: {
      ...text,
      customValues,
      formatter: (value: number) => words[value] ?? '',
      width: room - 6,
      overflow: 'truncate',
      hideOverlap: true,
    },
  };
}

const powers = {
  ...text,
  formatter: tickText,
  showMinLabel: false,
  showMaxLabel: false,
};
