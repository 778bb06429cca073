/** @file How CSV files are read: their dialect and types, looked for once. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { duckdbMessage } from './duckdb-message.ts';
import { type Column, columnsOf, literalGlob, quoteText, quoteTexts } from './sql.ts';

export interface CsvOptions {
  readonly missing: readonly string[];
  /** Columns to read as text, whatever they look like. */
  readonly textColumns: readonly string[];
  /** Look at all rows before the types are decided. */
  readonly allRows: boolean;
}

// No BOOLEAN: DuckDB takes a column of "No" for one, and its values would then read "false" in one
// file and "No" in the next, in which a "Steady" occurs.
const typeCandidates = ['BIGINT', 'DOUBLE', 'DATE', 'TIMESTAMP', 'VARCHAR'];

/** `read_csv(…)`, and the columns that it gives. */
export async function csvReader(
  connection: DuckDBConnection,
  files: readonly string[],
  options: CsvOptions,
): Promise<{ readonly sql: string; readonly columns: readonly Column[] }> {
  const [file = '', ...more] = files;
  const sniffed = more.length === 0 ? await sniffedReader(connection, file, options) : undefined;
  if (sniffed) return sniffed;
  const union = more.length > 0 ? 'union_by_name = true, ' : '';
  const settings = `${quoteTexts(files.map(literalGlob))}, ${union}${detection(options)}`;
  const columns = await columnsOf(connection, `FROM read_csv(${settings})`);
  const asText = columns.filter(({ name }) => options.textColumns.includes(name));
  if (asText.length === 0) return { sql: `read_csv(${settings})`, columns };
  const types = asText.map(({ name }) => `${quoteText(name)}: 'VARCHAR'`);
  const sql = `read_csv(${settings}, types = {${types.join(', ')}})`;
  return { sql, columns: await columnsOf(connection, `FROM ${sql}`) };
}

/**
 * DuckDB looks at the first 20,000 rows whenever a `read_csv` without its dialect is so much as
 * described: half a second for 100 columns, five times until the rows are there. Undefined where it cannot tell.
 */
async function sniffedReader(connection: DuckDBConnection, file: string, options: CsvOptions) {
  const path = quoteText(literalGlob(file));
  const found = await sniff(connection, path, options);
  if (!found) return undefined;
  const { formats } = found;
  const columns = found.columns.map(({ name, type }) => ({
    name,
    type: options.textColumns.includes(name) ? 'VARCHAR' : type,
  }));
  const types = columns.map(({ name, type }) => `${quoteText(name)}: ${quoteText(type)}`);
  const settings = `auto_detect = false, header = true, nullstr = ${nullTexts(options)},
    ${dialect(found, options)}${formats}, columns = {${types.join(', ')}}`;
  return { sql: `read_csv(${path}, ${settings})`, columns };
}

interface Sniffed {
  readonly delimiter: string;
  /** Empty where the sample has none. */
  readonly quote: string;
  readonly escaping: string;
  readonly newLine: string;
  readonly comment: string;
  readonly skip: number;
  /** As further settings, if dates have a format of their own. */
  readonly formats: string;
  readonly columns: readonly Column[];
}

/** A look at 2,000 rows tells the dialect, and knowing it halves the look at 20,000 for the types. */
async function sniff(
  connection: DuckDBConnection,
  path: string,
  options: CsvOptions,
): Promise<Sniffed | undefined> {
  const settings = detection(options);
  if (!options.allRows) {
    const first = await look(connection, path, `${settings}, sample_size = 2048`);
    const isPlain = first?.skip === 0 && first.comment === '';
    const second =
      isPlain && (await look(connection, path, `${settings}, ${dialect(first, options)}`));
    if (second) return second;
  }
  return look(connection, path, settings);
}

async function look(
  connection: DuckDBConnection,
  path: string,
  settings: string,
): Promise<Sniffed | undefined> {
  const row = await unlessUnreadable(async () => {
    const found = await connection.runAndReadAll(
      `SELECT Delimiter, Quote, Escape, NewLineDelimiter, Comment, SkipRows, DateFormat,
        TimestampFormat, Columns FROM sniff_csv(${path}, ${settings})`,
    );
    return found.getRowsJson()[0];
  });
  if (!row) return undefined;
  const [delimiter, quote, escaping, newLine, comment, skip, date, timestamp, columns] = row;
  const text = (value: unknown) => (value === '(empty)' ? '' : String(value));
  const formats = [
    ...(date === null ? [] : [`, dateformat = ${quoteText(String(date))}`]),
    ...(timestamp === null ? [] : [`, timestampformat = ${quoteText(String(timestamp))}`]),
  ];
  return {
    delimiter: text(delimiter),
    quote: text(quote),
    escaping: text(escaping),
    newLine: text(newLine),
    comment: text(comment),
    skip: Number(skip),
    formats: formats.join(''),
    columns: columnsIn(columns),
  };
}

/** Who reads the file itself tells better what is wrong with it. */
async function unlessUnreadable<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await work();
  } catch (error) {
    if (duckdbMessage(error) === undefined) throw error;
    return undefined;
  }
}

/** The settings of `read_csv` and `sniff_csv`. */
function dialect(found: Sniffed, { allRows }: CsvOptions): string {
  // None in the sample is no proof: `"a, b"` may come later. Where that fails, all rows are looked at.
  const isUnquoted = found.quote === '' && !allRows;
  const [quote, escaping] = isUnquoted ? ['"', '"'] : [found.quote, found.escaping];
  return `delim = ${quoteText(found.delimiter)}, quote = ${quoteText(quote)},
    escape = ${quoteText(escaping)}, new_line = ${quoteText(found.newLine)},
    comment = ${quoteText(found.comment)}, skip = ${found.skip}`;
}

const nullTexts = ({ missing }: CsvOptions) => quoteTexts(['', ...missing]);

const detection = (options: CsvOptions) =>
  `header = true, nullstr = ${nullTexts(options)},
    auto_type_candidates = ${quoteTexts(typeCandidates)}${options.allRows ? ', sample_size = -1' : ''}`;

/** A list of DuckDB's STRUCTs, as JSON has them. */
function columnsIn(sniffed: unknown): readonly Column[] {
  if (!Array.isArray(sniffed)) throw new Error('internal: sniff_csv gave no columns');
  return sniffed.map(({ name, type }) => ({ name: String(name), type: String(type) }));
}
