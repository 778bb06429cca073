/** @file Figures of ours alone, beside the limit that each has to keep. */
import { aligned, median, spread } from './statistics.ts';

export interface Measure {
  readonly name: string;
  readonly unit: string;
  /** One for each round. */
  readonly figures: readonly number[];
  readonly limit: { readonly kind: 'at most' | 'at least'; readonly value: number } | null;
}

export interface MeasureResult {
  readonly title: string;
  readonly measures: readonly Measure[];
  /** What could not be measured, and why. */
  readonly leftOut: readonly string[];
}

export function measureTable({ title, measures, leftOut }: MeasureResult): string {
  const rows = measures.map(({ name, unit, figures, limit }) => [
    name,
    `${spread(figures)} ${unit}`,
    limit ? `${limit.kind} ${limit.value}` : '',
    limit && figures.length > 0 ? (isKept(figures, limit) ? 'reached' : 'NOT REACHED') : '',
  ]);
  return [title, aligned(rows), ...leftOut.map((line) => `  ${line}`)].join('\n');
}

function isKept(figures: readonly number[], { kind, value }: NonNullable<Measure['limit']>) {
  return kind === 'at most' ? median(figures) <= value : median(figures) >= value;
}
