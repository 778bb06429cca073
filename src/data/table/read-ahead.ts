/** @file A source that remembers: numbers come in batches, and what fits into memory is read once. */
import type { CodedColumn, ColumnSource } from './column-source.ts';

/** Half of the time of a read is waiting for DuckDB's chunks: 16 columns take hardly longer than one. */
const columnsAtOnce = 16;

/**
 * Fitting and writing each read every column, in the order of `numberColumns`. At most `mostBytes`
 * are held, but always one column.
 */
export function readAhead(
  source: ColumnSource,
  numberColumns: readonly string[],
  mostBytes: number,
): ColumnSource {
  const bytesOfNumbers = source.rows * Float64Array.BYTES_PER_ELEMENT;
  const atOnce = Math.min(columnsAtOnce, Math.max(1, Math.floor(mostBytes / bytesOfNumbers)));
  const numbers = new Map<string, Float64Array>();
  const texts = new Map<string, CodedColumn>();
  let bytesOfTexts = 0;
  const hasRoomFor = (bytes: number) =>
    numbers.size * bytesOfNumbers + bytesOfTexts + bytes <= mostBytes;
  const number = async (column: string): Promise<Float64Array> => {
    const known = numbers.get(column);
    if (known) return known;
    const next = following(column, numberColumns, atOnce);
    const wanted = [column, ...next.filter((name) => name !== column && !numbers.has(name))];
    if (!hasRoomFor(wanted.length * bytesOfNumbers)) numbers.clear();
    const read = await source.numbers(wanted);
    for (const [index, values] of read.entries()) numbers.set(wanted[index] ?? '', values);
    return read[0] ?? new Float64Array();
  };
  return {
    rows: source.rows,
    has: (column) => source.has(column),
    times: (columns) => source.times(columns),
    codes: (column) => source.codes(column),
    numbers: async (columns) => {
      const read: Float64Array[] = [];
      for (const column of columns) read.push(await number(column));
      return read;
    },
    texts: async (column, numeric = false) => {
      const key = JSON.stringify([column, numeric]);
      const known = texts.get(key);
      if (known) return known;
      const coded = await source.texts(column, numeric);
      if (!hasRoomFor(coded.codes.byteLength)) return coded;
      texts.set(key, coded);
      bytesOfTexts += coded.codes.byteLength;
      return coded;
    },
  };
}

function following(column: string, columns: readonly string[], atOnce: number): readonly string[] {
  const start = columns.indexOf(column);
  return start < 0 ? [] : columns.slice(start + 1, start + atOnce);
}
