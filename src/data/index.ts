/** @file Data: tables read, checked, split, encoded, and cached as typed arrays. */
export { DataError } from './data-error.ts';
export { encodings } from './encodings/index.ts';
export {
  computeSplits,
  type DataRequest,
  type PreparedDirectory,
  prepareData,
} from './prepare.ts';
export { readPrepared } from './prepared-files.ts';
export type * from './signature.ts';
export type { Column } from './table/sql.ts';
export { type OpenedTable, openTable, type Table, type TableSpec } from './table/table.ts';
