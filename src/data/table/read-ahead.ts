/** @file A source that remembers: numbers come in batches, and what fits into memory is read once. */
import type { CodedColumn, ColumnSource } from './column-source.ts';

/** Half of the time of a read is waiting for DuckDB's chunks: 16 columns take hardly longer than one. */
const columnsAtOnce = 16;
const mostBytes = 320e6;

/** Fitting and writing each read every column, in the order of `numberColumns`. */
export function readAhead(source: ColumnSource, numberColumns: readonly string[]): ColumnSource {
  const numbers = new Map<string, Float64Array>();
  const texts = new Map<string, CodedColumn>();
  let bytes = 0;
  const number = async (column: string): Promise<Float64Array> => {
    const known = numbers.get(column);
    if (known) return known;
    const next = following(column, numberColumns);
    const wanted = [column, ...next.filter((name) => name !== column && !numbers.has(name))];
    const read = await source.numbers(wanted);
    if (bytes > mostBytes) {
      numbers.clear();
      bytes = 0;
    }
    for (const [index, values] of read.entries()) {
      numbers.set(wanted[index] ?? '', values);
      bytes += values.byteLength;
    }
    return read[0] ?? new Float64Array();
  };
  return {
    rows: source.rows,
    has: (column) => source.has(column),
    times: (columns) => source.times(columns),
    numbers: async (columns) => {
      const read: Float64Array[] = [];
      for (const column of columns) read.push(await number(column));
      return read;
    },
    texts: async (column, numeric = false) => {
      const key = JSON.stringify([column, numeric]);
      const coded = texts.get(key) ?? (await source.texts(column, numeric));
      if (!texts.has(key) && bytes < mostBytes) {
        texts.set(key, coded);
        bytes += coded.codes.byteLength;
      }
      return coded;
    },
  };
}

function following(column: string, columns: readonly string[]): readonly string[] {
  const start = columns.indexOf(column);
  return start < 0 ? [] : columns.slice(start + 1, start + columnsAtOnce);
}
