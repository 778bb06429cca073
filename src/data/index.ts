/** @file Data: tables read, checked, split, encoded, and cached as typed arrays. */
export { checkData } from './check/check.ts';
export { DataError } from './data-error.ts';
export {
  type ColumnDescription,
  describeColumns,
  describeTable,
  type TableDescription,
} from './describe.ts';
export { encodings } from './encodings/index.ts';
export type { DataRequest } from './fit.ts';
export { guessHeads, guessRole, type HeadGuess, type Role } from './guess.ts';
export { memoryBytes, sharesOf } from './memory.ts';
export { type EncodedRows, encodeRows, openRows } from './new-rows.ts';
export { createDataStore, type DataSources } from './places/obtain.ts';
export { type DataPlace, openPlace } from './places/place.ts';
export { type DataName, dataName, publishData } from './places/publish.ts';
export {
  clearFetched,
  type FetchedData,
  fetchedData,
  forgetGoneUsers,
} from './places/worker-data.ts';
export { computeSplits, type PreparedDirectory, prepareData } from './prepare.ts';
export {
  openPrepared,
  readPrepared,
  type StoredData,
  type StoredSplit,
} from './prepared/read.ts';
export type { RowRange, RowRoom, SplitReader, SplitRows } from './prepared/split-reader.ts';
export type * from './signature.ts';
export { type DataSummary, summarizePrepared } from './summary.ts';
export { type OpenedTable, openTable, type TableSpec } from './table/open-table.ts';
export type { Row } from './table/row-source.ts';
export type { Column } from './table/sql.ts';
export type { Table } from './table/table.ts';
export { type AddedColumn, writeTable } from './table/write-table.ts';
