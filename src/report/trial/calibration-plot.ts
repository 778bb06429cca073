/** @file Draws a reliability diagram, and below it where the probabilities lie. */
import { type Axes, axes, type Point, polyline, type Range } from './axes.ts';
import {
  brierScore,
  type CalibrationBin,
  calibrationBins,
  calibrationError,
  type Forecasts,
  forecastsOf,
} from './calibration.ts';
import type { ClassPredictions } from './confusion.ts';
import type { LabelPredictions } from './labels.ts';
import { box, colors, contentTop, dot, line, message, picture, round, shown, text } from './svg.ts';
import { countText } from './trial-words.ts';

/**
 * Binary: of the positive class; multiclass: of the predicted class, whether it was right;
 * multilabel: of all labels of all rows together.
 */
export function calibrationPlot(
  head: string,
  predictions: ClassPredictions | LabelPredictions,
  about: string,
): string {
  const { forecasts, axis, unit, word } = questionOf(predictions);
  const bins = calibrationBins(forecasts);
  const rows = forecasts.probabilities.length;
  const scores = `Brier ${shown(brierScore(forecasts))}, ECE ${shown(calibrationError(bins))}`;
  const heading = {
    title: rows === 0 ? `${head}: calibration` : `${head}: calibration, ${scores}`,
    caption: `${about} · ${countText(rows)} ${unit}`,
  };
  if (rows === 0) return message(heading, 'No row has both a label and a probability.');
  const range = rangeFor(bins);
  const frame = axes(
    area,
    { x: range, y: range },
    { y: `how often it was ${word}`, hasColumns: true, ticks: [5, 5] },
  );
  return picture(histogramTop + histogramHeight + 56, heading, [
    ...diagram(frame, range, bins),
    ...histogram(forecasts, range, axis),
    ...binTable(bins, unit, word),
  ]);
}

const area = { left: 84, top: contentTop + 10, width: 430, height: 390 };
const histogramTop = area.top + area.height + 36;
const histogramHeight = 74;

interface Question {
  readonly forecasts: Forecasts;
  readonly axis: string;
  /** What is counted. */
  readonly unit: string;
  /** What a hit is. */
  readonly word: 'so' | 'right';
}

function questionOf(predictions: ClassPredictions | LabelPredictions): Question {
  switch (predictions.kind) {
    case 'binary': {
      const { probabilities, labels } = predictions;
      const forecasts = forecastsOf(probabilities, labels);
      return { forecasts, axis: 'predicted probability', unit: 'rows', word: 'so' };
    }
    case 'multiclass': {
      const { labels, predicted, confidences } = predictions;
      const outcomes = labels.map((label, row) =>
        label < 0 ? -1 : Number(label === predicted[row]),
      );
      const forecasts = forecastsOf(confidences, outcomes);
      return { forecasts, axis: 'probability of the predicted class', unit: 'rows', word: 'right' };
    }
    case 'multilabel': {
      const [probabilities, labels] = [predictions.probabilities, predictions.labels].map(joined);
      const forecasts = forecastsOf(probabilities ?? [], labels ?? []);
      return { forecasts, axis: 'predicted probability', unit: 'labels of rows', word: 'so' };
    }
    default:
      return predictions satisfies never;
  }
}

function joined(columns: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(columns.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const column of columns) {
    all.set(column, at);
    at += column.length;
  }
  return all;
}

/** The same along both axes: all of [0, 1], unless the points lie in a small part of it. */
export function rangeFor(bins: readonly CalibrationBin[]): Range {
  const values = bins.flatMap(({ predicted, interval }) => [predicted, ...interval]);
  const [low, high] = [Math.max(0, Math.min(...values)), Math.min(1, Math.max(...values))];
  const step = [0.01, 0.02, 0.05, 0.1].find((each) => high - low <= 4 * each);
  if (step === undefined) return [0, 1];
  return [
    Math.max(0, Math.floor(low / step + 1e-9) * step),
    Math.min(1, Math.ceil(high / step - 1e-9) * step),
  ];
}

function diagram(frame: Axes, range: Range, bins: readonly CalibrationBin[]): readonly string[] {
  const points = bins.map(({ predicted, observed }): Point => [predicted, observed]);
  const [low, high] = range;
  const diagonal: readonly Point[] = [
    [low, low],
    [high, high],
  ];
  return [
    frame.drawn,
    polyline(frame, diagonal, { color: colors.grey, width: 1.5, isDashed: true }),
    text(frame.x(low) + 10, area.top + 18, '▲ more often than predicted', { size: 12 }),
    text(frame.x(high) - 8, area.top + area.height - 10, '▼ less often than predicted', {
      size: 12,
      anchor: 'end',
    }),
    ...bins.map(({ predicted, interval: [from, to] }) => whisker(frame, predicted, from, to)),
    polyline(frame, points, { color: colors.blue }),
    ...points.map(([x, y]) => dot(frame.x(x), frame.y(y), 4.5, colors.blue)),
  ];
}

function whisker({ x, y }: Axes, at: number, from: number, to: number): string {
  const [middle, low, high] = [round(x(at)), round(y(from)), round(y(to))];
  const path = `M${middle} ${low}V${high}M${middle - 4} ${low}h8M${middle - 4} ${high}h8`;
  return `<path d="${path}" stroke="${colors.blue}" stroke-width="1.5" fill="none" stroke-opacity="0.6"/>`;
}

const columns = 43;

/** How many rows have a probability, where it happened and where not, above the same axis. */
function histogram(
  { probabilities, hits }: Forecasts,
  [low, high]: Range,
  axis: string,
): readonly string[] {
  const counts = [0, 1].map(() => new Float64Array(columns));
  for (let at = 0; at < probabilities.length; at++) {
    const share = ((probabilities[at] ?? 0) - low) / (high - low);
    const column = Math.max(0, Math.min(columns - 1, Math.floor(share * columns)));
    const own = counts[hits[at] ?? 0];
    if (own) own[column] = (own[column] ?? 0) + 1;
  }
  const [misses = new Float64Array(), found = new Float64Array()] = counts;
  const most = Math.max(...misses.map((count, at) => count + (found[at] ?? 0)));
  const bottom = histogramTop + histogramHeight;
  const width = area.width / columns;
  const bars = Array.from(misses, (count, at) => {
    const below = (histogramHeight * (found[at] ?? 0)) / most;
    const above = (histogramHeight * count) / most;
    const x = area.left + at * width + 0.5;
    return (
      box(x, bottom - below, width - 1, below, colors.blue) +
      box(x, bottom - below - above, width - 1, above, '#c3c8d0')
    );
  });
  return [
    ...bars,
    line(area.left, bottom, area.left + area.width, bottom, colors.grey),
    text(area.left - 7, histogramTop + 10, countText(most), { size: 12, anchor: 'end' }),
    text(area.left - 7, bottom + 4, '0', { size: 12, anchor: 'end' }),
    text(area.left + area.width / 2, bottom + 24, axis, { anchor: 'middle' }),
  ];
}

const tableLeft = 574;

/** The same in numbers, and what the picture is made of. */
function binTable(bins: readonly CalibrationBin[], unit: string, word: string): readonly string[] {
  const at = [tableLeft + 80, tableLeft + 170, tableLeft + 292, tableLeft + 350] as const;
  const row = (y: number, cells: readonly string[], style: { color: string; size: number }) =>
    cells.map((cell, index) => text(at[index] ?? 0, y, cell, { ...style, anchor: 'end' })).join('');
  const digits = (value: number) => value.toFixed(3);
  const top = area.top + 14;
  const end = top + 28 * bins.length + 30;
  return [
    row(top, ['predicted', 'how often', '95 % interval', 'rows'], { color: colors.soft, size: 12 }),
    line(tableLeft, top + 10, tableLeft + 352, top + 10, colors.line),
    ...bins.map(({ predicted, observed, interval, rows }, index) =>
      row(
        top + 32 + 28 * index,
        [digits(predicted), digits(observed), interval.map(digits).join(' to '), countText(rows)],
        { color: colors.ink, size: 13 },
      ),
    ),
    line(tableLeft, end, tableLeft + 352, end, colors.line),
    ...[
      'Each point is about as many rows; its line is Wilson’s 95 %',
      'interval. ECE: the mean distance from the diagonal, where',
      'what is predicted happens as often.',
    ].map((words, index) => text(tableLeft, end + 24 + 19 * index, words, { size: 12 })),
    box(tableLeft, histogramTop + 8, 12, 12, colors.blue),
    text(tableLeft + 20, histogramTop + 18, `${unit} where it was ${word}`, { size: 12 }),
    box(tableLeft, histogramTop + 30, 12, 12, '#c3c8d0'),
    text(tableLeft + 20, histogramTop + 40, `${unit} where it was not`, { size: 12 }),
  ];
}
