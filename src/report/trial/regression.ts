/** @file A regression's predictions against its labels, and its errors. */
import type { HeadPredictions } from './predictions.ts';
import { axes, colors, message, picture, polyline, rangeOf, round, shown, text } from './svg.ts';

type Regression = Extract<HeadPredictions, { kind: 'regression' }>;

/** More points than these only hide each other. */
const mostPoints = 1500;

export function regressionPlot(head: string, { labels, values }: Regression): string {
  const rows = [...labels.keys()].filter(
    (row) => Number.isFinite(labels[row]) && Number.isFinite(values[row]),
  );
  if (rows.length === 0)
    return message(`${head}: predictions`, 'No row has both a label and a prediction.');
  const pairs = rows.map((row) => [labels[row] ?? 0, values[row] ?? 0] as const);
  const range = rangeOf(pairs.flat());
  const area = { left: 84, top: 76, width: 420, height: 400 };
  const frame = axes(
    area,
    { x: range, y: range },
    { x: `${head}, label`, y: `${head}, predicted` },
  );
  return picture(980, 540, [
    text(24, 32, `${head}: MAE ${shown(meanError(pairs))}, R² ${shown(r2(pairs))}`, {
      size: 16,
      bold: true,
      color: colors.ink,
    }),
    text(
      24,
      54,
      `${pairs.length} rows${pairs.length > mostPoints ? `, ${mostPoints} of them drawn` : ''}`,
    ),
    frame.drawn,
    polyline(
      frame,
      [
        [range[0], range[0]],
        [range[1], range[1]],
      ],
      { color: colors.grey, width: 1, dashed: true },
    ),
    ...thinned(pairs).map(
      ([x, y]) =>
        `<circle cx="${round(frame.x(x))}" cy="${round(frame.y(y))}" r="2.6" fill="${colors.blue}" fill-opacity="0.35"/>`,
    ),
    ...errors(head, pairs),
  ]);
}

/** Evenly over the rows, so that the same ones are drawn for every trial. */
function thinned<Item>(items: readonly Item[]): readonly Item[] {
  if (items.length <= mostPoints) return items;
  const every = items.length / mostPoints;
  return items.filter((_, at) => Math.floor(at / every) !== Math.floor((at - 1) / every));
}

type Pairs = readonly (readonly [label: number, value: number])[];

const meanError = (pairs: Pairs) =>
  pairs.reduce((sum, [label, value]) => sum + Math.abs(label - value), 0) / pairs.length;

function r2(pairs: Pairs): number {
  const mean = pairs.reduce((sum, [label]) => sum + label, 0) / pairs.length;
  const rest = pairs.reduce((sum, [label, value]) => sum + (label - value) ** 2, 0);
  return 1 - rest / pairs.reduce((sum, [label]) => sum + (label - mean) ** 2, 0);
}

/** A histogram of prediction minus label. */
function errors(head: string, pairs: Pairs): readonly string[] {
  const values = pairs.map(([label, value]) => value - label);
  const x = rangeOf(values);
  const counts = new Array<number>(40).fill(0);
  for (const value of values) {
    const at = Math.floor(((value - x[0]) / (x[1] - x[0])) * counts.length);
    const bin = Math.min(counts.length - 1, Math.max(0, at));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const area = { left: 600, top: 76, width: 350, height: 400 };
  const most = Math.max(...counts);
  const frame = axes(
    area,
    { x, y: [0, most * 1.05] },
    { x: `${head}, predicted − label`, y: 'rows' },
  );
  const width = area.width / counts.length;
  return [
    frame.drawn,
    ...counts.map((count, at) => {
      const top = frame.y(count);
      return `<rect x="${round(area.left + at * width + 0.5)}" y="${round(top)}" width="${round(width - 1)}" height="${round(area.top + area.height - top)}" fill="${colors.blue}" fill-opacity="0.6"/>`;
    }),
    polyline(
      frame,
      [
        [0, 0],
        [0, most * 1.05],
      ],
      { color: colors.grey, width: 1, dashed: true },
    ),
  ];
}
