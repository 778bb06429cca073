/** @file Numbers and swept values in tables and sentences. */
import { valueInWords } from '../plan/index.ts';
import type { Spread } from './statistics.ts';

/** Four significant digits; of a deviation, as many decimals as its mean has. */
export function formatValue(value: number, like = value): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : String(value);
  if (value === 0) return '0';
  const size = Math.abs(like) || 1;
  if (size >= 1e5 || size < 1e-4) return value.toPrecision(3);
  const decimals = Math.min(6, Math.max(0, 3 - Math.floor(Math.log10(size))));
  return value.toFixed(decimals);
}

/** `0.7034 ± 0.0021` */
export function formatSpread({ n, mean, deviation }: Spread): string {
  if (n === 0) return '–';
  return n === 1 ? formatValue(mean) : `${formatValue(mean)} ± ${formatValue(deviation, mean)}`;
}

/** A swept value, cut short. */
export function formatParameter(value: unknown): string {
  if (value === undefined) return '';
  const text = valueInWords(value);
  return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}

/** Column headings for paths: their last steps, as many as it takes to tell them apart. */
export function shortNames(paths: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const path of paths) {
    const steps = path.split('.');
    for (
      let count = path.startsWith('heads.') ? Math.min(2, steps.length) : 1;
      count <= steps.length;
      count++
    ) {
      const name = steps.slice(-count).join('.');
      names.set(path, name);
      if (!paths.some((other) => other !== path && other.endsWith(`.${name}`))) break;
    }
  }
  return names;
}
