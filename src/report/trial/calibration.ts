/** @file Calibration: how often it happened against how probable it was said to be. */
import type { HeadPredictions } from './predictions.ts';
import { axes, colors, message, picture, polyline, round, shown, text } from './svg.ts';

export interface CalibrationBin {
  /** The mean probability of its rows. */
  readonly predicted: number;
  /** The share of its rows where it happened. */
  readonly observed: number;
  readonly rows: number;
  /** Wilson's 95 % interval of the share (Wilson 1927). */
  readonly interval: readonly [number, number];
}

const bins = 10;

/** Bins of equally many rows, in the order of the probability. */
export function calibrationBins(
  probabilities: ArrayLike<number>,
  outcomes: ArrayLike<number>,
): readonly CalibrationBin[] {
  const order = Array.from({ length: probabilities.length }, (_, row) => row)
    .filter((row) => Number.isFinite(probabilities[row]) && Number.isFinite(outcomes[row]))
    .sort((one, other) => (probabilities[one] ?? 0) - (probabilities[other] ?? 0));
  const count = Math.min(bins, order.length);
  return Array.from({ length: count }, (_, bin) => {
    const from = Math.floor((bin * order.length) / count);
    const rows = order.slice(from, Math.floor(((bin + 1) * order.length) / count));
    const mean = (values: ArrayLike<number>) =>
      rows.reduce((total, row) => total + (values[row] ?? 0), 0) / rows.length;
    const observed = mean(outcomes);
    const interval = wilson(observed, rows.length);
    return { predicted: mean(probabilities), observed, rows: rows.length, interval };
  });
}

function wilson(share: number, rows: number): readonly [number, number] {
  const z = 1.959964;
  const middle = (share + (z * z) / (2 * rows)) / (1 + (z * z) / rows);
  const half =
    (z / (1 + (z * z) / rows)) *
    Math.sqrt((share * (1 - share)) / rows + (z * z) / (4 * rows * rows));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

type Classes = Extract<HeadPredictions, { kind: 'binary' | 'multiclass' }>;

const area = { left: 84, top: 76, width: 440, height: 340 };

/** Binary: of the positive class; multiclass: of the predicted class, whether it was right. */
export function calibrationPlot(head: string, predictions: Classes): string {
  const { probabilities, outcomes, axis } = outcomesOf(predictions);
  const found = calibrationBins(probabilities, outcomes);
  if (found.length === 0)
    return message(`${head}: calibration`, 'No row has both a label and a probability.');
  const frame = axes(area, { x: [0, 1], y: [0, 1] }, { x: axis, y: 'share where it was so' });
  const rows = found.reduce((total, bin) => total + bin.rows, 0);
  const errors = found.map((bin) => bin.rows * Math.abs(bin.predicted - bin.observed));
  const error = errors.reduce((total, each) => total + each, 0) / rows;
  const title = `${head}: calibration error ${shown(error)}`;
  const about = `Brier ${shown(brier(probabilities, outcomes))}; ${rows} rows in bins of equally many; lines: 95 %`;
  const observed = found.map((bin) => [bin.predicted, bin.observed] as const);
  return picture(560, 560, [
    text(24, 32, title, { size: 16, bold: true, color: colors.ink }),
    text(24, 54, about),
    frame.drawn,
    polyline(frame, diagonal, { color: colors.grey, width: 1, dashed: true }),
    ...found.map(({ predicted, interval: [low, high] }) =>
      polyline(frame, [[predicted, low] as const, [predicted, high] as const], intervalStyle),
    ),
    polyline(frame, observed, { color: colors.blue }),
    ...observed.map(
      ([x, y]) =>
        `<circle cx="${round(frame.x(x))}" cy="${round(frame.y(y))}" r="4" fill="${colors.blue}"/>`,
    ),
    ...histogram(probabilities, outcomes),
  ]);
}

const diagonal = [[0, 0] as const, [1, 1] as const];
const intervalStyle = { color: colors.blue, width: 1.5 };

function outcomesOf(predictions: Classes) {
  if (predictions.kind === 'binary')
    return {
      probabilities: predictions.probabilities,
      outcomes: predictions.labels,
      axis: 'predicted probability',
    };
  const outcomes = Float64Array.from(predictions.labels, (label, row) =>
    label < 0 ? Number.NaN : Number(label === predictions.predicted[row]),
  );
  const axis = 'probability of the predicted class';
  return { probabilities: predictions.confidences, outcomes, axis };
}

function brier(probabilities: ArrayLike<number>, outcomes: ArrayLike<number>): number {
  let [total, rows] = [0, 0];
  for (let row = 0; row < probabilities.length; row++) {
    const error = (probabilities[row] ?? Number.NaN) - (outcomes[row] ?? Number.NaN);
    if (Number.isNaN(error)) continue;
    total += error * error;
    rows += 1;
  }
  return total / rows;
}

/** Where the probabilities lie. */
function histogram(
  probabilities: ArrayLike<number>,
  outcomes: ArrayLike<number>,
): readonly string[] {
  const { left, width } = area;
  const [top, height] = [470, 60];
  const counts = new Array<number>(40).fill(0);
  for (let row = 0; row < probabilities.length; row++) {
    const probability = probabilities[row] ?? Number.NaN;
    if (Number.isNaN(probability) || Number.isNaN(outcomes[row])) continue;
    const at = Math.min(counts.length - 1, Math.max(0, Math.floor(probability * counts.length)));
    counts[at] = (counts[at] ?? 0) + 1;
  }
  const most = Math.max(...counts, 1);
  return [
    ...counts.map((count, at) => {
      const tall = (count / most) * height;
      return `<rect x="${round(left + (at * width) / counts.length)}" y="${round(top + height - tall)}" width="${round(width / counts.length - 1)}" height="${round(tall)}" fill="${colors.blue}" fill-opacity="0.35"/>`;
    }),
    text(left + width / 2, top + height + 18, 'rows by probability', {
      anchor: 'middle',
      size: 12,
    }),
  ];
}
