/** @file Pieces of DuckDB SQL: quoting, and columns read as a number, a text or a point in time. */
import type { DuckDBConnection } from '@duckdb/node-api';

export interface Column {
  readonly name: string;
  /** DuckDB's name of the type: `BIGINT`, `VARCHAR`, `DECIMAL(9,2)`. */
  readonly type: string;
}

export const quoteName = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const quoteText = (text: string) => `'${text.replaceAll("'", "''")}'`;
export const quoteTexts = (texts: readonly string[]) => `[${texts.map(quoteText).join(', ')}]`;

/** A path as a glob that matches it alone. */
export const literalGlob = (file: string) => file.replace(/[*?[]/g, '[$&]');

export async function columnsOf(
  connection: DuckDBConnection,
  select: string,
): Promise<readonly Column[]> {
  const found = await connection.runAndReadAll(
    `SELECT column_name, column_type FROM (DESCRIBE\n${select}\n)`,
  );
  return found.getRowsJson().map(([name, type]) => ({ name: String(name), type: String(type) }));
}

export const isWhole = (type: string) => /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type);
export const isFractional = (type: string) => /^(FLOAT|DOUBLE|DECIMAL\(.*\))$/.test(type);
export const isNumeric = (type: string) => isWhole(type) || isFractional(type);
export const isPointInTime = (type: string) => /^(DATE|TIMESTAMP.*)$/.test(type);

/** A DOUBLE; NULL where the value is missing, is no number, or is not finite. */
export function asNumber({ name, type }: Column): string {
  const column = quoteName(name);
  if (isWhole(type) || type === 'BOOLEAN') return `${column}::DOUBLE`;
  const value = isFractional(type) ? `${column}::DOUBLE` : `try_cast(${column}::VARCHAR AS DOUBLE)`;
  return `CASE WHEN isfinite(${value}) THEN ${value} END`;
}

/** Whether a value is there, but is no number that `asNumber` gives. */
export function isNoNumber(column: Column): string {
  const name = quoteName(column.name);
  if (isWhole(column.type) || column.type === 'BOOLEAN') return 'false';
  if (isFractional(column.type)) return `NOT isfinite(${name}::DOUBLE)`;
  return `${name} IS NOT NULL AND (${asNumber(column)}) IS NULL`;
}

/**
 * A VARCHAR. Whole numbers have no decimals (`7`, not `7.0`), so that a column of codes has the same
 * texts in a file where a missing value turned it into fractions. With `numeric`, a column that
 * holds text here, but held numbers when it was fitted, is written in that way too.
 */
export function asText({ name, type }: Column, numeric = false): string {
  const column = quoteName(name);
  if (isFractional(type)) return canonicalNumber(`${column}::DOUBLE`);
  if (numeric && type === 'VARCHAR')
    return `coalesce(${canonicalNumber(`try_cast(${column} AS DOUBLE)`)}, ${column})`;
  return `${column}::VARCHAR`;
}

const canonicalNumber = (value: string) =>
  `CASE WHEN isnan(${value}) THEN NULL
    WHEN abs(${value}) < 1e15 AND ${value} = trunc(${value}) THEN ${value}::BIGINT::VARCHAR
    ELSE ${value}::VARCHAR END`;

/** Milliseconds since 1970 in UTC as a DOUBLE; NULL where the value is no point in time. */
export function asTime({ name, type }: Column): string {
  const column = quoteName(name);
  const text = isPointInTime(type) ? column : `${column}::VARCHAR`;
  const value = `try_cast(${text} AS TIMESTAMP)`;
  return `CASE WHEN isfinite(${value}) THEN epoch_us(${value}) / 1000.0 END`;
}
