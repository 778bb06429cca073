/** @file The view `source`: the files as one table, with missing texts as NULL. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { csvReader } from './csv-reader.ts';
import type { SourceFiles } from './files.ts';
import { type Column, columnsOf, isNumeric, literalGlob, quoteName, quoteTexts } from './sql.ts';

export interface SourceOptions {
  readonly missing: readonly string[];
  /** Columns to read as text, whatever they look like in this file. */
  readonly textColumns: readonly string[];
  /** Look at all rows before the types are decided. */
  readonly allRows: boolean;
}

/** Creates the view and returns its columns. Throws DuckDB's error when a file cannot be read. */
export async function createSourceView(
  connection: DuckDBConnection,
  source: SourceFiles,
  options: SourceOptions,
): Promise<readonly Column[]> {
  if (source.format === 'csv') return createCsvView(connection, source.files, options);
  const table = reader(source, options);
  const columns = await columnsOf(connection, `FROM ${table}`);
  const asText = columns
    .map(({ name }) => name)
    .filter((name) => options.textColumns.includes(name));
  const { missing } = options;
  const replaced = await missingAsNull(connection, table, columns, missing, new Set(asText));
  const list = replaced.length > 0 ? ` REPLACE (${replaced.join(', ')})` : '';
  await connection.run(`CREATE OR REPLACE VIEW source AS SELECT *${list} FROM ${table}`);
  return replaced.length > 0 ? columnsOf(connection, 'FROM source') : columns;
}

async function createCsvView(
  connection: DuckDBConnection,
  files: readonly string[],
  options: SourceOptions,
): Promise<readonly Column[]> {
  const { sql, columns } = await csvReader(connection, files, options);
  await connection.run(`CREATE OR REPLACE VIEW source AS FROM ${sql}`);
  return columns;
}

function reader({ files, format }: SourceFiles, { allRows }: SourceOptions): string {
  const union = files.length > 1 ? ', union_by_name = true' : '';
  const sample = allRows && format === 'json' ? ', sample_size = -1' : '';
  return `read_${format}(${quoteTexts(files.map(literalGlob))}${union}${sample})`;
}

/** `expression AS column` for every column of typed files in which a missing text may stand. */
async function missingAsNull(
  connection: DuckDBConnection,
  table: string,
  columns: readonly Column[],
  missing: readonly string[],
  asText: ReadonlySet<string>,
): Promise<string[]> {
  const texts = columns.filter(({ type }) => isText(type));
  const types = await typesBesideMissing(connection, table, texts, missing);
  const markers = missing
    .map(Number)
    .filter((marker, index) => missing[index] !== '' && !Number.isNaN(marker));
  return columns.flatMap(({ name, type }) => {
    const column = quoteName(name);
    let value = column;
    if (isText(type)) value = textUnlessMissing({ name, type }, missing);
    else if (isNumeric(type) && markers.length > 0)
      value = `CASE WHEN ${column} IN (${markers.join(', ')}) THEN NULL ELSE ${column} END`;
    const wanted = asText.has(name) ? 'VARCHAR' : types.get(name);
    if (wanted && wanted !== type) value = `(${value})::${wanted}`;
    return value === column ? [] : [`${value} AS ${column}`];
  });
}

/** A column of JSON holds numbers in some rows and texts in others. */
const isText = (type: string) => type === 'VARCHAR' || type === 'JSON';
const textOf = ({ name, type }: Column) =>
  type === 'JSON' ? `json_extract_string(${quoteName(name)}, '$')` : quoteName(name);
const textUnlessMissing = (column: Column, missing: readonly string[]) =>
  `CASE WHEN NOT list_contains(${quoteTexts(['', ...missing])}, ${textOf(column)}) THEN ${textOf(column)} END`;

/** Text columns that hold missing texts and, besides these, only numbers. */
async function typesBesideMissing(
  connection: DuckDBConnection,
  table: string,
  columns: readonly Column[],
  missing: readonly string[],
): Promise<Map<string, string>> {
  const types = new Map<string, string>();
  if (columns.length === 0 || missing.length === 0) return types;
  const counts = columns.map((one) => {
    const column = textOf(one);
    const value = textUnlessMissing(one, missing);
    return `[count(${column}) - count(${value}), count(${value}),
      count(try_cast(${value} AS DOUBLE)), count(try_cast(${value} AS BIGINT))
        FILTER (regexp_full_match(${column}, '-?\\d+'))]`;
  });
  const found = await connection.runAndReadAll(`SELECT ${counts.join(', ')} FROM ${table}`);
  for (const [index, counted] of (found.getRowsJson()[0] ?? []).entries()) {
    const [markers = 0, values = 0, numbers = 0, whole = 0] = (counted as string[]).map(Number);
    const name = columns[index]?.name ?? '';
    if (markers > 0 && values > 0 && numbers === values)
      types.set(name, whole === values ? 'BIGINT' : 'DOUBLE');
  }
  return types;
}
