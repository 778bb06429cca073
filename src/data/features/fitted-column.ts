/** @file A column of features of any type, as it was fitted: its feature names and how it is written. */
import { chosen } from '../../spec/kind.ts';
import type { FeatureGroup } from '../../spec/schema/data.ts';
import type { ColumnSource } from '../table/column-source.ts';
import { booleanFeatures, type FittedBoolean, fitBoolean, writeBoolean } from './boolean.ts';
import {
  type EmbeddingPlace,
  type FittedEmbedding,
  type FittedOneHot,
  fitCategory,
  oneHotFeatures,
  writeOneHot,
} from './category.ts';
import { dateFeatures, type FittedDate, fitDate, writeDate } from './date.ts';
import type { DenseSlot } from './dense-slot.ts';
import { type FittedNumber, fitNumber, numberFeatures, writeNumber } from './number.ts';
import { type FittedOrdinal, fitOrdinal, ordinalFeatures, writeOrdinal } from './ordinal.ts';

export type FittedDense = FittedNumber | FittedOneHot | FittedBoolean | FittedOrdinal | FittedDate;
export type FittedColumn = FittedDense | FittedEmbedding;

export const isEmbedded = (group: FeatureGroup) =>
  group.type === 'category' && chosen(group.encode).name === 'embedding';

/** Fits one column of a group on the training rows; `numeric` says that the table holds it as numbers. */
export async function fitColumn(
  group: FeatureGroup,
  column: string,
  source: ColumnSource,
  numeric: boolean,
  train: Int32Array,
  place: EmbeddingPlace,
): Promise<FittedColumn> {
  const none = new Float64Array();
  switch (group.type) {
    case 'number':
      return fitNumber(group, column, (await source.numbers([column]))[0] ?? none, train);
    case 'category':
      return fitCategory(group, column, await source.texts(column, numeric), train, numeric, place);
    case 'boolean':
      return fitBoolean(group, column);
    case 'ordinal':
      return fitOrdinal(group, column, await source.texts(column, numeric), train, numeric);
    case 'date':
      return fitDate(group, column, (await source.times([column]))[0] ?? none, train);
    default:
      return group satisfies never;
  }
}

/** The names of the features that a column became, in order. */
export function featuresOf(fitted: FittedDense): readonly string[] {
  switch (fitted.type) {
    case 'number':
      return numberFeatures(fitted);
    case 'oneHot':
      return oneHotFeatures(fitted);
    case 'boolean':
      return booleanFeatures(fitted);
    case 'ordinal':
      return ordinalFeatures(fitted);
    case 'date':
      return dateFeatures(fitted);
    default:
      return fitted satisfies never;
  }
}

/** Writes a column's features from `offset` on. */
export function writeDense(
  fitted: FittedDense,
  source: ColumnSource,
  slot: DenseSlot,
  offset: number,
): Promise<void> {
  switch (fitted.type) {
    case 'number':
      return writeNumber(fitted, source, slot, offset);
    case 'oneHot':
      return writeOneHot(fitted, source, slot, offset);
    case 'boolean':
      return writeBoolean(fitted, source, slot, offset);
    case 'ordinal':
      return writeOrdinal(fitted, source, slot, offset);
    case 'date':
      return writeDate(fitted, source, slot, offset);
    default:
      return fitted satisfies never;
  }
}
