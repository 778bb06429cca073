/** @file What a table holds, column by column, without any spec. */
import { type OpenedTable, openTable, type TableSpec } from './table/open-table.ts';
import { asText, quoteName } from './table/sql.ts';
import type { Table } from './table/table.ts';

export interface ColumnDescription {
  readonly name: string;
  /** DuckDB's name of the type. */
  readonly type: string;
  readonly missing: number;
  /** Different values; above 2,000 an estimate within a few per cent. */
  readonly distinct: number;
  /** Frequent values, the most frequent first. */
  readonly examples: readonly string[];
}
export interface TableDescription {
  readonly rows: number;
  readonly columns: readonly ColumnDescription[];
}

const exactUpTo = 2000;

/** Opens and describes; the problems when it cannot be opened. */
export async function describeTable(
  spec: TableSpec,
  baseDirectory: string,
): Promise<
  | { readonly ok: true; readonly description: TableDescription }
  | Extract<OpenedTable, { ok: false }>
> {
  const opened = await openTable(spec, baseDirectory);
  if (!opened.ok) return opened;
  using table = opened.table;
  return { ok: true, description: await describeColumns(table) };
}

export async function describeColumns(table: Table): Promise<TableDescription> {
  const facts = table.columns.map((column) => {
    const name = quoteName(column.name);
    return `[count(${name})::VARCHAR, approx_count_distinct(${name})::VARCHAR]
      || list_transform(approx_top_k(${asText(column)}, 5), lambda value: left(value, 60))`;
  });
  const [row = []] = await table.query(`SELECT ${facts.join(', ')} FROM rows`);
  const columns: ColumnDescription[] = [];
  for (const [index, column] of table.columns.entries()) {
    const [present, estimate, ...examples] = row[index] as readonly string[];
    const distinct = await distinctValues(table, column.name, Number(estimate));
    columns.push({ ...column, missing: table.rows - Number(present), distinct, examples });
  }
  return { rows: table.rows, columns };
}

async function distinctValues(table: Table, column: string, estimate: number): Promise<number> {
  if (estimate > exactUpTo) return Math.min(estimate, table.rows);
  const [[count] = []] = await table.query(`SELECT count(DISTINCT ${quoteName(column)}) FROM rows`);
  return Number(count);
}
