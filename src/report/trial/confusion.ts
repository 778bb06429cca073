/** @file Confusion matrices: what was there against what was predicted, as counts and parts of rows. */
import type { HeadPredictions } from './predictions.ts';
import {
  box,
  colors,
  contentTop,
  fitted,
  type Heading,
  line,
  margin,
  message,
  picture,
  shown,
  text,
  textWidth,
} from './svg.ts';
import { countText } from './trial-words.ts';

export type ClassPredictions = Extract<HeadPredictions, { kind: 'binary' | 'multiclass' }>;

export interface Confusion {
  readonly names: readonly string[];
  /** [truth][prediction] */
  readonly counts: readonly (readonly number[])[];
}

/** Of the rows with a label and a prediction; a binary one is predicted from 0.5 on. */
export function confusionOf(predictions: ClassPredictions): Confusion {
  const names = predictions.kind === 'binary' ? ['0', '1'] : predictions.classes;
  const counts = names.map(() => new Array<number>(names.length).fill(0));
  const { labels } = predictions;
  for (let row = 0; row < labels.length; row++) {
    const into = counts[labels[row] ?? -1];
    const at = predictedClass(predictions, row);
    if (into && at >= 0) into[at] = (into[at] ?? 0) + 1;
  }
  return { names, counts };
}

function predictedClass(predictions: ClassPredictions, row: number): number {
  if (predictions.kind === 'multiclass') return predictions.predicted[row] ?? -1;
  const probability = predictions.probabilities[row] ?? Number.NaN;
  return Number.isNaN(probability) ? -1 : Number(probability >= 0.5);
}

/** More classes than these cannot be read: the rarest become one. */
const mostClasses = 12;

export function confusionPlot(head: string, predictions: ClassPredictions, about: string): string {
  const whole = confusionOf(predictions);
  const rows = sum(whole.counts.map(sum));
  const right = sum(whole.counts.map((row, at) => row[at] ?? 0));
  const recalls = whole.counts.flatMap((row, at) =>
    sum(row) > 0 ? [(row[at] ?? 0) / sum(row)] : [],
  );
  const balanced = sum(recalls) / recalls.length;
  const heading = {
    title:
      rows === 0
        ? `${head}: confusion`
        : `${head}: accuracy ${shown(right / rows)}, balanced ${shown(balanced)}`,
    caption: `${about} · ${countText(rows)} rows`,
  };
  if (rows === 0) return message(heading, 'No row has both a label and a prediction.');
  return drawMatrix(heading, withFewClasses(whole));
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

function withFewClasses({ names, counts }: Confusion): Confusion {
  if (names.length <= mostClasses) return { names, counts };
  const bySize = names
    .map((_, at) => at)
    .sort((one, other) => sum(counts[other] ?? []) - sum(counts[one] ?? []) || one - other);
  const kept = bySize.slice(0, mostClasses - 1).sort((one, other) => one - other);
  const rest = bySize.slice(mostClasses - 1);
  const groups = [...kept.map((at) => [at]), rest];
  return {
    names: [...kept.map((at) => names[at] ?? ''), `${rest.length} others`],
    counts: groups.map((truths) =>
      groups.map((guesses) =>
        sum(truths.flatMap((truth) => guesses.map((guess) => counts[truth]?.[guess] ?? 0))),
      ),
    ),
  };
}

interface Layout extends Confusion {
  readonly left: number;
  readonly top: number;
  /** Of a cell. */
  readonly size: number;
}

const labelSize = 13;
const longestName = 136;

function drawMatrix(heading: Heading, confusion: Confusion): string {
  const { names } = confusion;
  const longest = Math.max(...names.map((name) => textWidth(name, labelSize)));
  const left = margin + 34 + Math.min(longestName, Math.max(40, longest));
  const size = Math.max(43, Math.min(130, 520 / names.length));
  const isTurned = longest > size - 8;
  const nameHeight = isTurned ? Math.min(110, longest * 0.72 + 12) : 20;
  const layout = { ...confusion, left, top: contentTop + 30 + nameHeight, size };
  const bottom = layout.top + size * names.length;
  return picture(bottom + 46, heading, [
    text(left, contentTop + 18, 'predicted', { size: 14, bold: true, color: colors.ink }),
    text(margin + 12, (layout.top + bottom) / 2, 'label', {
      size: 14,
      bold: true,
      color: colors.ink,
      anchor: 'middle',
      turn: -90,
    }),
    ...names.map((name, at) => columnName(name, left + (at + 0.5) * size, layout, isTurned)),
    ...names.map((name, row) =>
      text(left - 10, layout.top + (row + 0.5) * size + 5, fitted(name, longestName, labelSize), {
        anchor: 'end',
        color: colors.ink,
      }),
    ),
    ...confusion.counts.flatMap((_, row) => drawRow(layout, row)),
    ...drawRates(layout),
    text(left, bottom + 26, 'A row adds up to 100 %. Blue: right; orange: wrong.', { size: 12 }),
  ]);
}

function columnName(name: string, x: number, { top, size }: Layout, isTurned: boolean): string {
  const color = colors.ink;
  return isTurned
    ? text(x - 4, top - 8, fitted(name, longestName, labelSize), { color, turn: -45 })
    : text(x, top - 8, fitted(name, size, labelSize), { color, anchor: 'middle' });
}

function drawRow({ counts, left, top, size }: Layout, row: number): readonly string[] {
  const cells = counts[row] ?? [];
  const total = sum(cells);
  const large = Math.round(Math.min(18, size / 4 + 1));
  const middle = top + (row + 0.5) * size;
  return cells.map((count, column) => {
    const part = total === 0 ? 0 : count / total;
    const x = left + column * size;
    const fill = row === column ? colors.blue : colors.orange;
    const color = part > 0.5 ? '#fff' : count === 0 ? colors.grey : colors.ink;
    const style = { anchor: 'middle', color } as const;
    const shade = ` rx="3" fill-opacity="${(0.05 + 0.95 * part).toFixed(3)}"`;
    const cell = box(x + 1, middle - size / 2 + 1, size - 2, size - 2, fill, shade);
    if (count === 0) return cell + text(x + size / 2, middle + 5, '0', style);
    const words = [
      text(x + size / 2, middle - 1, shortCount(count), { ...style, size: large, bold: true }),
      text(x + size / 2, middle + large, percent(part), { ...style, size: large - 2 }),
    ];
    return cell + words.join('');
  });
}

/** What fits into a cell. */
const shortCount = (count: number): string =>
  count < 1e5 ? countText(count) : `${Number((count / 1000).toPrecision(3))}k`;

/** Nothing but none is 0 %, nothing but all is 100 %. */
function percent(part: number): string {
  if (part > 0 && part < 0.005) return '<1 %';
  if (part < 1 && part >= 0.995) return '>99 %';
  return `${Math.round(100 * part)} %`;
}

/** Beside the matrix: how many rows of a class there are, and how well each is found. */
function drawRates({ counts, left, top, size }: Layout): readonly string[] {
  const from = left + size * counts.length + 62;
  const columns = [from, from + 66, from + 138] as const;
  const cell = (at: number, y: number, words: string, style = {}) =>
    text(columns[at] ?? from, y, words, { anchor: 'end', ...style });
  const head = { size: 12, color: colors.soft };
  return [
    cell(0, top - 10, 'rows', head),
    cell(1, top - 10, 'recall', head),
    cell(2, top - 10, 'precision', head),
    ...counts.flatMap((cells, row) => {
      const y = top + (row + 0.5) * size + 5;
      const own = cells[row] ?? 0;
      const total = sum(cells);
      const predicted = sum(counts.map((each) => each[row] ?? 0));
      return [
        line(from - 44, top + row * size, from + 140, top + row * size, colors.line),
        cell(0, y, countText(total), { color: colors.ink }),
        cell(1, y, total === 0 ? '–' : shown(own / total), { color: colors.ink }),
        cell(2, y, predicted === 0 ? '–' : shown(own / predicted), { color: colors.ink }),
      ];
    }),
  ];
}
