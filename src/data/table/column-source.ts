/** @file Where columns come from: a table in DuckDB, or plain objects. */

/** A column of texts as numbers: `values[codes[row]]`, or -1 where the value is missing. */
export interface CodedColumn {
  readonly codes: Int32Array;
  readonly values: readonly string[];
}

export interface ColumnSource {
  readonly rows: number;
  has(column: string): boolean;
  /** Numbers, NaN where missing, not a number, or not finite. */
  numbers(columns: readonly string[]): Promise<readonly Float64Array[]>;
  /** Texts; `numeric` writes numbers as a numeric column would: `007` is `7`. */
  texts(column: string, numeric?: boolean): Promise<CodedColumn>;
  /** The codes of `texts`, without the texts: there may be millions of them. */
  codes(column: string): Promise<Int32Array>;
  /** Milliseconds since 1970 in UTC, NaN where missing or not a point in time. */
  times(columns: readonly string[]): Promise<readonly Float64Array[]>;
}

/** Columns to read of each row, by how they are read. */
export interface ColumnReads {
  readonly numbers: readonly string[];
  readonly times: readonly string[];
  readonly texts: readonly { readonly column: string; readonly numeric: boolean }[];
}
