/** @file Figures of several rounds in a few words. */

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = low] = sorted.slice(
    Math.ceil(middle) - 1,
    Math.floor(middle) + 1,
  );
  return (low + high) / 2;
}

const plain = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
export const figure = (value: number) => (Number.isNaN(value) ? '–' : plain.format(value));

/** `13,020 (12,800–13,100)`; one figure alone has no spread. */
export function spread(values: readonly number[], format = plain): string {
  if (values.length === 0) return '–';
  const middle = format.format(median(values));
  if (values.length === 1) return middle;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${middle} (${format.format(low)}–${format.format(high)})`;
}

export const ratioSpread = (values: readonly number[]) => spread(values, short);

/** Columns as wide as their widest cell. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<readonly number[]>(
    (widest, row) => row.map((cell, column) => Math.max(widest[column] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => `  ${line.trimEnd()}`)
    .join('\n');
}
