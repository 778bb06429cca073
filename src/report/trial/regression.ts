/** @file A regression's predictions against its labels, and its errors. */
import { type Axes, axes, type Point, polyline, type Range, widened } from './axes.ts';
import { quantile } from './calibration.ts';
import type { HeadPredictions } from './predictions.ts';
import {
  box,
  colors,
  contentTop,
  dashes,
  dot,
  fitted,
  line,
  message,
  picture,
  round,
  shown,
  text,
} from './svg.ts';
import { countText } from './trial-words.ts';

export type ValuePredictions = Extract<HeadPredictions, { kind: 'regression' }>;

/** The rows with both, in their order. */
export interface Pairs {
  readonly labels: Float64Array;
  readonly values: Float64Array;
}

export function pairsOf({ labels, values }: Pairs): Pairs {
  const both = { labels: new Float64Array(labels.length), values: new Float64Array(labels.length) };
  let count = 0;
  for (let row = 0; row < labels.length; row++) {
    const [label = Number.NaN, value = Number.NaN] = [labels[row], values[row]];
    if (!Number.isFinite(label) || !Number.isFinite(value)) continue;
    both.labels[count] = label;
    both.values[count++] = value;
  }
  return { labels: both.labels.subarray(0, count), values: both.values.subarray(0, count) };
}

export interface Errors {
  readonly mae: number;
  readonly rmse: number;
  /** NaN where all labels are the same. */
  readonly r2: number;
}

export function errorsOf({ labels, values }: Pairs): Errors {
  const rows = labels.length;
  const mean = labels.reduce((total, label) => total + label, 0) / rows;
  let [absolute, squared, around] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const label = labels[row] ?? 0;
    const error = (values[row] ?? 0) - label;
    absolute += Math.abs(error);
    squared += error * error;
    around += (label - mean) ** 2;
  }
  return {
    mae: absolute / rows,
    rmse: Math.sqrt(squared / rows),
    r2: around > 0 ? 1 - squared / around : Number.NaN,
  };
}

export function regressionPlot(head: string, predictions: ValuePredictions, about: string): string {
  const pairs = pairsOf(predictions);
  const rows = pairs.labels.length;
  const { mae, rmse, r2 } = errorsOf(pairs);
  const drawn = thinned(pairs);
  const few = drawn.length < rows ? `, ${countText(drawn.length)} of them drawn` : '';
  const heading = {
    title:
      rows === 0
        ? `${head}: predictions`
        : `${head}: MAE ${shown(mae)}, R² ${shown(r2)}, RMSE ${shown(rmse)}`,
    caption: `${about} · ${countText(rows)} rows${few}`,
  };
  if (rows === 0) return message(heading, 'No row has both a label and a prediction.');
  const range = rangeFor(pairs);
  const frame = axes(
    scatterArea,
    { x: range, y: range },
    { x: `label of ${fitted(head, 300, 13)}`, y: 'prediction', hasColumns: true, ticks: [6, 6] },
  );
  return picture(scatterArea.top + scatterArea.height + 62, heading, [
    ...scatter(frame, range, drawn, alike(pairs)),
    ...residuals(pairs),
  ]);
}

const scatterArea = { left: 84, top: contentTop + 36, width: 400, height: 400 };
const residualArea = { left: 580, top: contentTop + 36, width: 352, height: 400 };

/** More points than these only hide each other. */
const mostPoints = 1500;

/** Evenly over the rows, so that the same ones are drawn for every trial. */
export function thinned({ labels, values }: Pairs): readonly Point[] {
  const count = Math.min(mostPoints, labels.length);
  return Array.from({ length: count }, (_, at) => {
    const row = Math.floor((at * labels.length) / count);
    return [labels[row] ?? 0, values[row] ?? 0] as const;
  });
}

/** All but the one in a thousand at each end, so that one wild prediction does not hide the rest. */
const bulk = (values: Float64Array): Range => {
  const sorted = values.slice().sort();
  return [quantile(sorted, 0.001), quantile(sorted, 0.999)];
};

/** The same along both axes. */
function rangeFor({ labels, values }: Pairs): Range {
  const [[low, high], [lowest, highest]] = [bulk(labels), bulk(values)];
  return bounded(widened([Math.min(low, lowest), Math.max(high, highest)], 0.04));
}

const bounded = ([low, high]: Range): Range => [Math.max(-1e300, low), Math.min(1e300, high)];

/** Rows with alike predictions, in ten parts of about as many: their mean label and mean prediction. */
export function alike({ labels, values }: Pairs): readonly Point[] {
  const count = Math.min(10, Math.floor(labels.length / 20));
  const sorted = values.slice().sort();
  const edges = Array.from({ length: Math.max(0, count - 1) }, (_, at) =>
    quantile(sorted, (at + 1) / count),
  );
  const sums = Array.from({ length: count }, () => ({ label: 0, value: 0, rows: 0 }));
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? 0;
    let part = 0;
    while (value > (edges[part] ?? Number.POSITIVE_INFINITY)) part += 1;
    const sum = sums[part];
    if (!sum) continue;
    sum.label += labels[row] ?? 0;
    sum.value += value;
    sum.rows += 1;
  }
  return sums
    .filter(({ rows }) => rows > 0)
    .map(({ label, value, rows }) => [label / rows, value / rows] as const);
}

function scatter(
  frame: Axes,
  range: Range,
  points: readonly Point[],
  means: readonly Point[],
): readonly string[] {
  const [low, high] = range;
  const legendY = scatterArea.top - 18;
  const { left } = scatterArea;
  const identity: readonly Point[] = [
    [low, low],
    [high, high],
  ];
  return [
    frame.drawn,
    ...cloud(frame, points),
    polyline(frame, identity, { color: colors.ink, width: 1.2, isDashed: true }),
    polyline(frame, means, { color: colors.orange }),
    ...means.map(([x, y]) => dot(frame.x(x), frame.y(y), 4, colors.orange)),
    line(left, legendY - 4, left + 26, legendY - 4, colors.ink, dashes),
    text(left + 33, legendY, 'prediction = label', { size: 12 }),
    means.length === 0 ? '' : dot(left + 165, legendY - 4, 4, colors.orange),
    means.length === 0 ? '' : text(left + 176, legendY, 'means of alike predictions', { size: 12 }),
  ];
}

/** Points of one path hide each other; so that many of them look darker, they are dealt to some. */
const layers = 12;

function cloud({ x, y }: Axes, points: readonly Point[]): readonly string[] {
  const radius = points.length > 300 ? 4.5 : 6;
  return Array.from({ length: Math.min(layers, points.length) }, (_, layer) => {
    const path = points
      .filter((_, at) => at % layers === layer)
      .map(([px, py]) => `M${round(x(px))} ${round(y(py))}h0`)
      .join('');
    return `<path d="${path}" stroke="${colors.blue}" stroke-width="${radius}" stroke-linecap="round" stroke-opacity="0.35"/>`;
  });
}

const columns = 44;

/** A histogram of prediction minus label, with its median and the nine tenths in the middle. */
function residuals({ labels, values }: Pairs): readonly string[] {
  const errors = values.map((value, row) => value - (labels[row] ?? 0)).sort();
  const range = bounded(widened([quantile(errors, 0.002), quantile(errors, 0.998)], 0.04));
  const counts = countsIn(errors, range);
  const most = Math.max(...counts);
  const area = residualArea;
  const ranges = { x: range, y: [0, most * 1.04] } as const;
  const frame = axes(area, ranges, { x: 'prediction − label', y: 'rows', whole: 'y' });
  const width = area.width / columns;
  const bottom = area.top + area.height;
  const [fifth = 0, median = 0, last = 0] = [0.05, 0.5, 0.95].map((part) => quantile(errors, part));
  const from = frame.x(fifth);
  const middle = [frame.x(0), frame.x(median)] as const;
  const words = `median ${shown(median)}, 90 % between ${shown(fifth)} and ${shown(last)}`;
  return [
    frame.drawn,
    box(from, area.top, frame.x(last) - from, area.height, colors.orange, ' fill-opacity="0.1"'),
    ...counts.map((count, column) => {
      const top = frame.y(count);
      const left = area.left + column * width + 0.5;
      return box(left, top, width - 1, bottom - top, colors.blue, ' fill-opacity="0.75"');
    }),
    line(middle[0], area.top, middle[0], bottom, colors.ink, dashes),
    line(middle[1], area.top, middle[1], bottom, colors.orange, ' stroke-width="2"'),
    text(area.left, area.top - 18, words, { size: 12 }),
  ];
}

/** What lies beyond is counted at the edge. */
function countsIn(values: Float64Array, [low, high]: Range): readonly number[] {
  const counts = new Array<number>(columns).fill(0);
  for (const value of values) {
    const at = Math.floor(((value - low) / (high - low)) * columns);
    const column = Math.min(columns - 1, Math.max(0, at));
    counts[column] = (counts[column] ?? 0) + 1;
  }
  return counts;
}
