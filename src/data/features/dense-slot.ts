/** @file Where encoded columns are written to: one array for all rows that are used, row by row. */

export interface DenseSlot {
  /** [position, column], zero at first. */
  readonly array: Float32Array;
  readonly width: number;
  /** [row of the table] its place in `array`, or -1 when it is in no split. */
  readonly position: Int32Array;
}

export interface CodesSlot {
  readonly array: Int32Array;
  readonly width: number;
  readonly position: Int32Array;
}
