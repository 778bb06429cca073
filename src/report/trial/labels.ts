/** @file Several labels at once: how well each of them is told, as bars. */
import { confusionOf } from './confusion.ts';
import type { HeadPredictions } from './predictions.ts';
import {
  box,
  colors,
  contentTop,
  fitted,
  line,
  margin,
  message,
  picture,
  shown,
  text,
} from './svg.ts';
import { countText } from './trial-words.ts';

export type LabelPredictions = Extract<HeadPredictions, { kind: 'multilabel' }>;

export interface LabelRates {
  readonly name: string;
  /** With a label and a prediction. */
  readonly rows: number;
  /** Where the label is there. */
  readonly positives: number;
  /** NaN where nothing was predicted, or nothing is there. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Each label by itself, predicted from 0.5 on. */
export const labelRates = ({ names, labels, probabilities }: LabelPredictions) =>
  names.map((name, index): LabelRates => {
    const { counts } = confusionOf({
      kind: 'binary',
      labels: labels[index] ?? new Float64Array(),
      probabilities: probabilities[index] ?? new Float64Array(),
    });
    const [[trueNegative = 0, falsePositive = 0] = [], [falseNegative = 0, truePositive = 0] = []] =
      counts;
    const positives = truePositive + falseNegative;
    return {
      name,
      rows: positives + trueNegative + falsePositive,
      positives,
      precision: truePositive / (truePositive + falsePositive),
      recall: truePositive / positives,
      f1: (2 * truePositive) / (positives + truePositive + falsePositive),
    };
  });

/** More labels than these make a picture too tall: the rarest are left out. */
const mostLabels = 40;
const rowHeight = 34;
const bars = [
  { key: 'precision', left: 320, color: colors.blue },
  { key: 'recall', left: 526, color: colors.orange },
  { key: 'f1', left: 732, color: colors.grey },
] as const;
const barWidth = 140;

export function labelsPlot(head: string, predictions: LabelPredictions, about: string): string {
  const all = labelRates(predictions);
  const rows = Math.max(0, ...all.map((rates) => rates.rows));
  const known = all.map(({ f1 }) => f1).filter((value) => !Number.isNaN(value));
  const mean = known.reduce((total, value) => total + value, 0) / known.length;
  const heading = {
    title:
      rows === 0 ? `${head}: labels` : `${head}: mean F1 ${shown(mean)} over ${all.length} labels`,
    caption: `${about} · ${countText(rows)} rows · predicted from 0.5 on`,
  };
  if (rows === 0) return message(heading, 'No row has both labels and predictions.');
  const drawn = new Set(
    [...all].sort((one, other) => other.positives - one.positives).slice(0, mostLabels),
  );
  const shownRates = all.filter((rates) => drawn.has(rates));
  const top = contentTop + 38;
  const bottom = top + rowHeight * shownRates.length;
  const left = all.length - shownRates.length;
  return picture(bottom + 40, heading, [
    text(250, top - 14, 'rows with it', { size: 12, anchor: 'end' }),
    ...bars.map(({ key, left }) => text(left, top - 14, key === 'f1' ? 'F1' : key, { size: 12 })),
    ...shownRates.flatMap((rates, index) => drawLabel(rates, top + index * rowHeight)),
    line(margin, bottom, 932, bottom, colors.line),
    left > 0
      ? text(margin, bottom + 24, `The ${left} rarest labels are left out.`, { size: 12 })
      : '',
  ]);
}

function drawLabel(rates: LabelRates, y: number): readonly string[] {
  const base = y + rowHeight / 2 + 5;
  return [
    line(margin, y, 932, y, colors.line),
    text(margin, base, fitted(rates.name, 160, 13), { color: colors.ink }),
    text(250, base, countText(rates.positives), { anchor: 'end', color: colors.ink }),
    ...bars.map(({ key, left, color }) => {
      const value = rates[key];
      const track = box(left, y + 10, barWidth, rowHeight - 20, '#f0f1f4', ' rx="3"');
      const bar = Number.isNaN(value)
        ? ''
        : box(left, y + 10, barWidth * value, rowHeight - 20, color, ' rx="3"');
      return track + bar + text(left + barWidth + 8, base, shown(value), { color: colors.ink });
    }),
  ];
}
