/** @file echarts as a function from an option to SVG: no browser, no script, the same text again. */
import { createHash } from 'node:crypto';
import { BarChart, CustomChart, LineChart, ParallelChart, ScatterChart } from 'echarts/charts';
import {
  GridComponent,
  MarkLineComponent,
  ParallelComponent,
  TitleComponent,
} from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, CustomChart, LineChart, ParallelChart, ScatterChart]);
use([GridComponent, MarkLineComponent, ParallelComponent, TitleComponent, SVGRenderer]);

export const blue = '#2563eb';
export const orange = '#d97706';
export const grey = '#8a8f98';
export const text = { color: '#52565e', fontFamily: 'system-ui, sans-serif' };
export const axis = {
  nameTextStyle: text,
  axisLabel: { ...text, formatter: (value: number) => String(Number(value.toPrecision(4))) },
  splitLine: { lineStyle: { color: '#e6e8eb' } },
  axisLine: { lineStyle: { color: '#c8ccd2' } },
};

/** A whole SVG of its own; a page may give it another size in these proportions. */
export function draw(width: number, height: number, option: object): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ animation: false, backgroundColor: 'transparent', ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return tidy(svg);
}

/**
 * Without what only echarts' own script would read, and with names that do not tell how many
 * pictures were drawn before: the same in each run, others in each picture of a page.
 */
function tidy(svg: string): string {
  const plain = svg
    .replace(/<style >.*?<\/style>\s*/gs, '')
    .replace(/ (?:ecmeta_\w+|class)="[^"]*"/g, '')
    .replace(/zr\d+-/g, 'zr-')
    .replace('<svg ', '<svg role="img" ');
  const name = createHash('sha256').update(plain).digest('hex').slice(0, 8);
  return plain.replace(/(?<=id="|url\(#)zr-/g, `zr${name}-`);
}
