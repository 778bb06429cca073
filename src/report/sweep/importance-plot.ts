/** @file Bars of how much each swept parameter matters for a metric. */
import { axis, blue, draw, text } from '../draw.ts';
import type { Importance } from './importance.ts';
import { contentTop, frame } from './plotted.ts';
import { shortMetric } from './words.ts';

const width = 520;
const mostBars = 15;

export function importancePlot(importance: Importance): string {
  const { metric, parameters } = importance;
  const bars = parameters.slice(0, mostBars);
  const left = parameters.length - bars.length;
  const captions = [fitText(importance), left > 0 ? `${left} lesser ones are not shown` : ''];
  return draw(width, contentTop + 50 + 26 * bars.length, {
    ...frame(width, `What matters for ${shortMetric(metric)}`, captions),
    grid: { left: 150, right: 60, top: contentTop, bottom: 44 },
    xAxis: {
      ...axis,
      type: 'value',
      min: 0,
      name: 'share of the variance that it explains alone, %',
      nameLocation: 'middle',
      nameGap: 26,
    },
    yAxis: {
      ...axis,
      type: 'category',
      inverse: true,
      data: bars.map(({ name }) => name),
      axisTick: { show: false },
      axisLabel: { ...text, width: 132, overflow: 'truncate' },
    },
    series: [
      {
        type: 'bar',
        barWidth: 14,
        data: bars.map(({ share }) => 100 * share),
        itemStyle: { color: blue, borderRadius: [0, 3, 3, 0] },
        label: {
          ...text,
          show: true,
          position: 'right',
          formatter: ({ value }: { value: number }) => `${value.toFixed(value < 10 ? 1 : 0)} %`,
        },
      },
    ],
  });
}

/** How far to trust it. */
export function fitText({ choices, of, fit }: Importance): string {
  const from = choices < of ? `${choices} of ${of} choices` : `${choices} choices`;
  const told = `a forest on ${from} tells ${Math.max(0, 100 * fit).toFixed(0)} % of the variance of unseen ones`;
  return fit < 0.2 ? `${told}: too little to trust` : told;
}
