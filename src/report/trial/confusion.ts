/** @file Confusion matrices: what was there against what was predicted, as counts and shares of rows. */
import type { HeadPredictions } from './predictions.ts';
import { colors, message, picture, round, shown, text } from './svg.ts';

type Classes = Extract<HeadPredictions, { kind: 'binary' | 'multiclass' }>;
type Labels = Extract<HeadPredictions, { kind: 'multilabel' }>;

/** More classes than these are too small to be read: the rarest are left out. */
const mostClasses = 20;

/** [truth][prediction] */
export type Counts = readonly (readonly number[])[];

/** Of the rows that have a label; a binary one is predicted from 0.5 on. */
export function confusionCounts(predictions: Classes): {
  readonly names: readonly string[];
  readonly counts: Counts;
} {
  const names = predictions.kind === 'binary' ? ['0', '1'] : predictions.classes;
  const counts = names.map(() => names.map(() => 0));
  const predicted = (row: number): number =>
    predictions.kind === 'binary'
      ? Number((predictions.probabilities[row] ?? Number.NaN) >= 0.5)
      : (predictions.predicted[row] ?? -1);
  for (const [row, label] of predictions.labels.entries()) {
    const into = counts[label];
    const at = predicted(row);
    if (into && at >= 0) into[at] = (into[at] ?? 0) + 1;
  }
  return { names, counts };
}

export function confusionPlot(head: string, predictions: Classes): string {
  const whole = confusionCounts(predictions);
  const rows = sum(whole.counts.map(sum));
  if (rows === 0) return message(`${head}: confusion`, 'No row has a label.');
  const { names, counts } = mostFrequent(whole);
  const size = Math.max(34, Math.min(110, 560 / names.length));
  const [left, top] = [150, 96];
  const right = whole.names.length > names.length ? 'the most frequent classes' : `${rows} rows`;
  const correct = sum(whole.counts.map((row, at) => row[at] ?? 0));
  return picture(Math.max(520, left + size * names.length + 40), top + size * names.length + 70, [
    text(24, 32, `${head}: accuracy ${shown(correct / rows)}`, {
      size: 16,
      bold: true,
      color: colors.ink,
    }),
    text(24, 54, `${right}; each row adds up to 100 %`),
    ...matrix(names, counts, left, top, size),
    text(left + (size * names.length) / 2, top + size * names.length + 46, 'predicted', {
      anchor: 'middle',
    }),
    text(30, top + (size * names.length) / 2, 'label', { anchor: 'middle', turn: -90 }),
  ]);
}

function matrix(
  names: readonly string[],
  counts: Counts,
  left: number,
  top: number,
  size: number,
): readonly string[] {
  const font = Math.max(9, Math.min(15, size / 4));
  const short = (name: string) => (name.length > 12 ? `${name.slice(0, 11)}…` : name);
  return names.flatMap((name, row) => {
    const line = counts[row] ?? [];
    const total = sum(line);
    const middle = top + row * size + size / 2;
    return [
      text(left - 10, middle + 4, short(name), { anchor: 'end', color: colors.ink }),
      text(left + row * size + size / 2, top + names.length * size + 22, short(name), {
        anchor: 'middle',
        color: colors.ink,
        size: Math.min(13, font + 2),
      }),
      ...line.map((count, column) => {
        const share = total === 0 ? 0 : count / total;
        const x = left + column * size;
        const ink = share > 0.55 ? '#fff' : colors.ink;
        const rect = `<rect x="${round(x + 1)}" y="${round(middle - size / 2 + 1)}" width="${round(size - 2)}" height="${round(size - 2)}" rx="3" fill="${colors.blue}" fill-opacity="${(0.04 + 0.9 * share).toFixed(3)}"/>`;
        const style = { anchor: 'middle', size: font, color: ink } as const;
        if (size < 48) return rect + text(x + size / 2, middle + font / 3, String(count), style);
        return (
          rect +
          text(x + size / 2, middle - 1, String(count), style) +
          text(x + size / 2, middle + font + 3, `${(100 * share).toFixed(0)} %`, {
            ...style,
            size: font - 2,
          })
        );
      }),
    ];
  });
}

function mostFrequent({ names, counts }: { names: readonly string[]; counts: Counts }) {
  if (names.length <= mostClasses) return { names, counts };
  const kept = names
    .map((_, at) => at)
    .sort((one, other) => sum(counts[other] ?? []) - sum(counts[one] ?? []))
    .slice(0, mostClasses)
    .sort((one, other) => one - other);
  return {
    names: kept.map((at) => names[at] ?? ''),
    counts: kept.map((row) => kept.map((column) => counts[row]?.[column] ?? 0)),
  };
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/** Several labels at once: precision and recall of each, as bars. */
export function labelsPlot(head: string, { names, labels, probabilities }: Labels): string {
  const rows = names.map((name, index) => {
    const { counts } = confusionCounts({
      kind: 'binary',
      labels: labels[index] ?? new Float64Array(),
      probabilities: probabilities[index] ?? new Float64Array(),
    });
    const [[, falsePositive = 0] = [], [falseNegative = 0, truePositive = 0] = []] = counts;
    const share = (part: number, other: number) => (part + other === 0 ? 0 : part / (part + other));
    const precision = share(truePositive, falsePositive);
    return {
      name,
      precision,
      recall: share(truePositive, falseNegative),
      count: truePositive + falseNegative,
    };
  });
  const bar = (y: number, value: number, color: string) =>
    `<rect x="200" y="${y}" width="${round(300 * value)}" height="10" rx="2" fill="${color}"/>` +
    text(508 + 0, y + 9, shown(value), { size: 12 });
  return picture(600, 90 + 44 * rows.length, [
    text(24, 32, `${head}: each label at 0.5`, { size: 16, bold: true, color: colors.ink }),
    text(24, 54, 'blue: precision, orange: recall; rows with the label in brackets'),
    ...rows.flatMap(({ name, precision, recall, count }, index) => [
      text(190, 92 + 44 * index, `${name.slice(0, 18)} (${count})`, {
        anchor: 'end',
        color: colors.ink,
      }),
      bar(78 + 44 * index, precision, colors.blue),
      bar(92 + 44 * index, recall, colors.orange),
    ]),
  ]);
}
