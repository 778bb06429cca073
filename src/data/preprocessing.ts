/** @file Features fitted on the training split as plain JSON, and applied to any rows. */
import { chosen } from '../spec/kind.ts';
import type { FeatureGroup } from '../spec/schema/data.ts';
import { codesOf, type FittedEmbedding, writeEmbedding } from './features/category.ts';
import { expandColumns } from './features/columns.ts';
import {
  type FittedColumn,
  type FittedDense,
  featuresOf,
  fitColumn,
  isEmbedded,
  writeDense,
} from './features/fitted-column.ts';
import type { InputArray, InputSignature } from './signature.ts';
import type { ColumnSource } from './table/column-source.ts';
import type { Table } from './table/table.ts';

/** How the table was read, for later files that hold the same columns. */
export interface ReadingOptions {
  readonly missing: readonly string[];
  readonly query: string | null;
  readonly key: readonly string[];
  /** Columns of the source that held text; a later file may hold only digits in them. */
  readonly textColumns: readonly string[];
}

export interface Preprocessing {
  readonly version: 1;
  readonly reading: ReadingOptions;
  readonly columns: readonly FittedColumn[];
  readonly inputs: readonly InputSignature[];
  /** The name of each column of the input `features`. */
  readonly featureNames: readonly string[];
}

/** Fits every feature group on the training rows; `source` reads the table's columns. */
export async function fitPreprocessing(
  groups: readonly FeatureGroup[],
  table: Table,
  source: ColumnSource,
  train: Int32Array,
  reading: ReadingOptions,
): Promise<Preprocessing> {
  const columns: FittedColumn[] = [];
  const codes: InputSignature[] = [];
  const names = table.allColumns.map(({ name }) => name);
  const isNumber = (column: string) => table.isNumeric(column);
  for (const group of groups) {
    const input = `embedding_${codes.length}`;
    const expanded = expandColumns(group, names).columns;
    let offset = 0;
    for (const [position, column] of expanded.entries()) {
      const fitted = await fitColumn(group, column, source, isNumber(column), train, {
        input,
        position,
        offset,
      });
      columns.push(fitted);
      if (fitted.type === 'embedding') offset += codesOf(fitted);
    }
    if (group.type === 'category' && isEmbedded(group))
      codes.push({
        kind: 'codes',
        name: input,
        columns: expanded.length,
        vocabulary: offset,
        embedding: chosen(group.encode).options,
      });
  }
  const featureNames = columns.filter(isDense).flatMap(featuresOf);
  const dense: InputSignature[] =
    featureNames.length > 0
      ? [{ kind: 'dense', name: 'features', width: featureNames.length }]
      : [];
  return { version: 1, reading, columns, inputs: [...dense, ...codes], featureNames };
}

/**
 * Encodes rows; `position` says where each row of the source goes among the `places` rows of the
 * arrays, or -1.
 */
export type Encoder = (
  source: ColumnSource,
  position: Int32Array,
  places: number,
) => Promise<Readonly<Record<string, InputArray>>>;

export function encoderOf({ columns, inputs }: Preprocessing): Encoder {
  const embedded = columns.filter(isEmbedding);
  let width = 0;
  const dense = columns.filter(isDense).map((fitted) => {
    const offset = width;
    width += featuresOf(fitted).length;
    return { fitted, offset };
  });
  return async (source, position, places) => {
    const arrays: Record<string, InputArray> = {};
    for (const input of inputs) {
      if (input.kind === 'dense') {
        const array = new Float32Array(places * width);
        const slot = { array, width, position };
        for (const { fitted, offset } of dense) await writeDense(fitted, source, slot, offset);
        arrays[input.name] = { values: array, columns: width };
      } else {
        const array = new Int32Array(places * input.columns);
        const slot = { array, width: input.columns, position };
        for (const fitted of embedded)
          if (fitted.input === input.name) await writeEmbedding(fitted, source, slot);
        arrays[input.name] = { values: array, columns: input.columns };
      }
    }
    return arrays;
  };
}

const isEmbedding = (fitted: FittedColumn): fitted is FittedEmbedding =>
  fitted.type === 'embedding';
const isDense = (fitted: FittedColumn): fitted is FittedDense => fitted.type !== 'embedding';
