/** @file Which columns some work reads: found by letting it work on no rows. */
import type { ColumnReads, ColumnSource } from './column-source.ts';

export async function readsOf(
  work: (source: ColumnSource) => Promise<unknown>,
): Promise<ColumnReads> {
  const numbers = new Set<string>();
  const times = new Set<string>();
  const texts = new Map<string, { column: string; numeric: boolean }>();
  await work({
    rows: 0,
    has: () => true,
    numbers: async (columns) => noted(numbers, columns),
    times: async (columns) => noted(times, columns),
    texts: async (column, numeric = false) => {
      texts.set(textKey(column, numeric), { column, numeric });
      return { codes: new Int32Array(), values: [] };
    },
    codes: async (column) => {
      texts.set(textKey(column, false), { column, numeric: false });
      return new Int32Array();
    },
  });
  return { numbers: [...numbers], times: [...times], texts: [...texts.values()] };
}

const textKey = (column: string, numeric: boolean) => JSON.stringify([column, numeric]);

function noted(seen: Set<string>, columns: readonly string[]): readonly Float64Array[] {
  for (const column of columns) seen.add(column);
  return columns.map(() => new Float64Array());
}
