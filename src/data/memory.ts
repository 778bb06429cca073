/** @file `data.memory` in bytes, and how reading and preparing share it. */
import { totalmem } from 'node:os';
import type { DataSpec } from '../spec/schema/data.ts';
import type { InputSignature } from './signature.ts';
import type { ColumnReads } from './table/column-source.ts';

const units: Readonly<Record<string, number>> = {
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** What a spec allows; a quarter of the machine or of the container where it says nothing. */
export function memoryBytes(memory: DataSpec['memory']): number {
  if (memory === undefined) return Math.floor(machineBytes() / 4);
  if (typeof memory === 'number') return memory;
  const [, amount = '', unit = ''] = /^([\d.]+) ?(\w+)$/.exec(memory) ?? [];
  return Math.floor(Number(amount) * (units[unit] ?? Number.NaN));
}

/** Where no limit is set, the system tells a number beyond any memory. */
function machineBytes(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

export interface MemoryShares {
  /** For DuckDB: what does not fit lies in its temporary files. */
  readonly table: number;
  /** For arrays of whole columns. */
  readonly columns: number;
  /** For the rows that are encoded at once, where not all of them are. */
  readonly window: number;
}

/** DuckDB's reader of CSV files needs 200 MB. */
const leastForTable = 256e6;
/** More is not faster: 16 MB are some 25,000 rows of 50 features. */
const mostForWindow = 16e6;

/** Half is DuckDB's; of ours, half is left for what was dropped, but not yet collected. */
export function sharesOf(memory: DataSpec['memory']): MemoryShares {
  const half = memoryBytes(memory) / 2;
  const window = Math.min(mostForWindow, half / 8);
  return { table: Math.max(leastForTable, half), columns: half / 2, window };
}

/** What a row takes while it is encoded: as it was read, and as inputs with `more` numbers beside them. */
export function bytesOfRow(
  { numbers, times, texts }: ColumnReads,
  inputs: readonly InputSignature[],
  more: number,
): number {
  const widths = inputs.map((input) => (input.kind === 'dense' ? input.width : input.columns));
  const written = widths.reduce((sum, width) => sum + width, more);
  return 8 * (numbers.length + times.length) + 4 * texts.length + 4 * written;
}
