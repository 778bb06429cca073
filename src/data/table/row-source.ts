/** @file Columns of plain objects, read as DuckDB would read the same values from a file. */
import type { CodedColumn, ColumnSource } from './column-source.ts';

export type Row = Readonly<Record<string, unknown>>;

/** `missing` are the texts that mean a missing value, besides an empty one. */
export function rowSource(rows: readonly Row[], missing: readonly string[]): ColumnSource {
  const absent = new Set(['', ...missing]);
  const columns = new Set(rows.flatMap((row) => Object.keys(row)));
  const present = (value: unknown) =>
    value === null || value === undefined || absent.has(String(value)) ? undefined : value;
  const read = (names: readonly string[], numberOf: (value: unknown) => number) =>
    names.map((name) => Float64Array.from(rows, (row) => numberOf(present(row[name]))));
  const texts = (name: string, numeric = false) =>
    codedTexts(rows.map((row) => textOf(present(row[name]), numeric)));
  return {
    rows: rows.length,
    has: (column) => columns.has(column),
    numbers: async (names) => read(names, numberOf),
    times: async (names) => read(names, timeOf),
    texts: async (name, numeric) => texts(name, numeric),
    codes: async (name) => texts(name).codes,
  };
}

function codedTexts(texts: readonly (string | undefined)[]): CodedColumn {
  const places = new Map<string, number>();
  const codes = Int32Array.from(texts, (text) => {
    if (text === undefined) return -1;
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    return place;
  });
  return { codes, values: [...places.keys()] };
}

function numberOf(value: unknown): number {
  if (value === undefined || value instanceof Date) return Number.NaN;
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : Number.NaN;
}

function textOf(value: unknown, numeric: boolean): string | undefined {
  if (value === undefined || (typeof value === 'number' && Number.isNaN(value))) return undefined;
  if (value instanceof Date) return value.toISOString();
  const isCode = typeof value === 'string' && numeric && !/^-?(0|[1-9]\d*)$/.test(value);
  const number = isCode ? numberOf(value) : Number.NaN;
  return Number.isNaN(number) ? String(value) : String(number);
}

/** A time without a zone is in UTC, as it is in DuckDB. */
function timeOf(value: unknown): number {
  if (value instanceof Date) return value.getTime();
  if (typeof value !== 'string') return Number.NaN;
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T](.+))?$/.exec(value.trim());
  if (!match) return Number.NaN;
  const [, date, time] = match;
  if (time === undefined) return Date.parse(`${date}T00:00:00Z`);
  return Date.parse(`${date}T${time}${/(Z|[+-]\d{2}:?\d{2})$/i.test(time) ? '' : 'Z'}`);
}
