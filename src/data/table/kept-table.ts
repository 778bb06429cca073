/** @file The table that was checked, kept for preparing it: reading it takes longer than all the rest. */
import { statSync } from 'node:fs';
import type { TableSpec } from './open-table.ts';
import type { Table } from './table.ts';

let kept: { readonly key: string; readonly table: Table } | undefined;

/** Takes the table over. It is closed when another one is kept, and with the process. */
export function keepTable(spec: TableSpec, table: Table): void {
  dropTable();
  kept = { key: keyOf(spec, table.stamp), table };
  process.once('exit', dropTable);
}

/** Gives the table away, if it is this one as its files are now, and holds the columns; closes any other. */
export function takeTable(
  spec: TableSpec,
  files: readonly string[],
  needed: (table: Table) => readonly string[],
): Table | undefined {
  const { key, table } = kept ?? {};
  if (!table) return undefined;
  if (key !== keyOf(spec, stampOf(files)) || !needed(table).every((name) => table.has(name))) {
    dropTable();
    return undefined;
  }
  kept = undefined;
  process.off('exit', dropTable);
  return table;
}

export function dropTable(): void {
  kept?.table[Symbol.dispose]();
  kept = undefined;
  process.off('exit', dropTable);
}

/** What changes when a file is written again. */
export const stampOf = (files: readonly string[]): string =>
  JSON.stringify(
    files.map((file) => {
      const { ino, size, mtimeMs } = statSync(file);
      return [file, ino, size, mtimeMs];
    }),
  );

const keyOf = ({ query, key, missing, memory }: TableSpec, stamp: string) =>
  JSON.stringify({ query, key, missing, memory, stamp });
