/** @file A table in DuckDB: the rows of the source or of the query, in an order that never changes. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { CodedColumn, ColumnReads, ColumnSource } from './column-source.ts';
import { type ColumnArray, type Expression, readColumns, readWindows } from './read-columns.ts';
import { asNumber, asText, asTime, type Column, columnsOf, isNumeric } from './sql.ts';

/** What was found when the rows were loaded. */
export interface LoadedRows {
  /** All columns of the source or the query. */
  readonly allColumns: readonly Column[];
  readonly sourceColumns: readonly Column[];
}

/** Where the rows come from. */
export interface TableFiles {
  readonly files: readonly string[];
  /** Of the files as they were before they were read. */
  readonly stamp: string;
}

/** An open database in memory, and the connection that has read the rows. */
export interface Database {
  readonly connection: DuckDBConnection;
  readonly connect: () => Promise<DuckDBConnection>;
  readonly close: () => void;
}

/** The different texts of a column: an ENUM in DuckDB, which gives a code for each row. */
interface Dictionary {
  readonly type: string;
  /** Undefined until they are asked for. */
  values?: readonly string[];
}

/** Owns a database in memory. */
export class Table implements ColumnSource {
  readonly rows: number;
  /** The columns that were kept. */
  readonly columns: readonly Column[];
  /** All columns of the source or the query, and those of the source alone. */
  readonly allColumns: readonly Column[];
  readonly sourceColumns: readonly Column[];
  readonly files: readonly string[];
  readonly stamp: string;
  readonly connection: DuckDBConnection;
  readonly #database: Database;
  readonly #dictionaries = new Map<string, Dictionary>();

  private constructor(
    database: Database,
    { files, stamp }: TableFiles,
    parts: LoadedRows & { readonly columns: readonly Column[]; readonly rows: number },
  ) {
    this.connection = database.connection;
    this.#database = database;
    this.files = files;
    this.stamp = stamp;
    this.rows = parts.rows;
    this.columns = parts.columns;
    this.allColumns = parts.allColumns;
    this.sourceColumns = parts.sourceColumns;
  }

  /** Over `rows` of the connection, a table or a view. */
  static async create(database: Database, files: TableFiles, loaded: LoadedRows): Promise<Table> {
    const { connection } = database;
    const columns = await columnsOf(connection, 'FROM rows');
    const counted = await connection.runAndReadAll('SELECT count(*)::INTEGER FROM rows');
    const rows = Number(counted.getRowsJson()[0]?.[0]);
    return new Table(database, files, { ...loaded, columns, rows });
  }

  has(column: string): boolean {
    return this.columns.some(({ name }) => name === column);
  }

  /** The column holds numbers, so that its values have no text of their own: `7`, not `007`. */
  isNumeric(column: string): boolean {
    return isNumeric(this.column(column).type);
  }

  column(wanted: string): Column {
    const column = this.columns.find(({ name }) => name === wanted);
    if (!column) throw new Error(`internal: column "${wanted}" was not kept`);
    return column;
  }

  async numbers(columns: readonly string[]): Promise<readonly Float64Array[]> {
    return doubles(await this.#read(columns.map((name) => this.#number(name))));
  }

  async times(columns: readonly string[]): Promise<readonly Float64Array[]> {
    return doubles(await this.#read(columns.map((name) => this.#time(name))));
  }

  async texts(name: string, numeric = false): Promise<CodedColumn> {
    return { codes: await this.codes(name, numeric), values: await this.values(name, numeric) };
  }

  async codes(name: string, numeric = false): Promise<Int32Array> {
    const [codes] = integers(await this.#read([await this.#code(name, numeric)]));
    return codes ?? new Int32Array();
  }

  /** The different texts of a column, in their order. */
  async values(name: string, numeric = false): Promise<readonly string[]> {
    const dictionary = await this.#dictionary(name, numeric);
    if (dictionary.values) return dictionary.values;
    const rows = await this.query(`SELECT unnest(enum_range(NULL::${dictionary.type}))::VARCHAR`);
    dictionary.values = rows.map(([value]) => String(value));
    return dictionary.values;
  }

  /**
   * The rows by windows of `size`, read in one pass over the table. A window's arrays are
   * overwritten when the next one is asked for; the values of its texts are those of all rows.
   */
  async *windows(reads: ColumnReads, size: number): AsyncGenerator<ColumnSource> {
    const { numbers, times, texts } = reads;
    const names = [
      ...numbers.map(numberKey),
      ...times.map(timeKey),
      ...texts.map(({ column, numeric }) => textKey(column, numeric)),
    ];
    const expressions = [
      ...numbers.map((name) => this.#number(name)),
      ...times.map((name) => this.#time(name)),
      ...(await this.#codes(texts)),
    ];
    for await (const { rows, arrays } of readWindows(this.connection, expressions, size)) {
      const read = new Map(arrays.map((array, index) => [names[index], array.subarray(0, rows)]));
      yield this.#window(rows, read);
    }
  }

  #window(rows: number, read: ReadonlyMap<string | undefined, ColumnArray>): ColumnSource {
    const arrayOf = (key: string): ColumnArray => {
      const array = read.get(key);
      if (!array) throw new Error(`internal: ${key} was not read`);
      return array;
    };
    const codesOf = (column: string, numeric: boolean) =>
      integers([arrayOf(textKey(column, numeric))])[0] ?? new Int32Array();
    return {
      rows,
      has: (column) => this.has(column),
      numbers: async (columns) => doubles(columns.map((name) => arrayOf(numberKey(name)))),
      times: async (columns) => doubles(columns.map((name) => arrayOf(timeKey(name)))),
      codes: async (column) => codesOf(column, false),
      texts: async (column, numeric = false) => {
        const values = await this.values(column, numeric);
        return { codes: codesOf(column, numeric), values };
      },
    };
  }

  async query(sql: string): Promise<unknown[][]> {
    return (await this.connection.runAndReadAll(sql)).getRowsJson();
  }

  /** Another connection to the same database, for writing while windows are read. The caller closes it. */
  connect(): Promise<DuckDBConnection> {
    return this.#database.connect();
  }

  #number(name: string): Expression {
    return { sql: asNumber(this.column(name)), type: 'DOUBLE' };
  }

  #time(name: string): Expression {
    return { sql: asTime(this.column(name)), type: 'DOUBLE' };
  }

  /** An ENUM is DuckDB's own dictionary: the codes come as numbers, not as one string a cell. */
  async #code(name: string, numeric: boolean): Promise<Expression> {
    const { type } = await this.#dictionary(name, numeric);
    const sql = `enum_code((${asText(this.column(name), numeric)})::${type})`;
    return { sql, type: 'INTEGER', missing: -1 };
  }

  async #codes(texts: ColumnReads['texts']): Promise<readonly Expression[]> {
    const expressions: Expression[] = [];
    for (const { column, numeric } of texts) {
      // Now: while the windows are read, the connection is busy.
      await this.values(column, numeric);
      expressions.push(await this.#code(column, numeric));
    }
    return expressions;
  }

  async #dictionary(name: string, numeric: boolean): Promise<Dictionary> {
    const text = asText(this.column(name), numeric);
    const known = this.#dictionaries.get(text);
    if (known) return known;
    const type = `texts_${this.#dictionaries.size}`;
    await this.connection.run(
      `CREATE TYPE ${type} AS ENUM (SELECT DISTINCT ${text} AS value FROM rows
        WHERE value IS NOT NULL ORDER BY value)`,
    );
    const dictionary = { type };
    this.#dictionaries.set(text, dictionary);
    return dictionary;
  }

  #read(expressions: readonly Expression[]): Promise<readonly ColumnArray[]> {
    return readColumns(this.connection, expressions, this.rows);
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

const numberKey = (column: string) => `number ${column}`;
const timeKey = (column: string) => `time ${column}`;
const textKey = (column: string, numeric: boolean) => `text ${numeric} ${column}`;

const doubles = (arrays: readonly ColumnArray[]): readonly Float64Array[] =>
  arrays.filter((array) => array instanceof Float64Array);
const integers = (arrays: readonly ColumnArray[]): readonly Int32Array[] =>
  arrays.filter((array) => array instanceof Int32Array);
