/** @file Ordinal columns: the place in a list of values, as one scaled number. */
import type { FeatureGroup } from '../../spec/schema/data.ts';
import type { CodedColumn, ColumnSource } from '../table/column-source.ts';
import { mapTexts } from './boolean.ts';
import type { DenseSlot } from './dense-slot.ts';
import { fitScaling, type Scaling, writeMissing, writeScaled } from './scaling.ts';

export type OrdinalGroup = Extract<FeatureGroup, { type: 'ordinal' }>;
export interface FittedOrdinal {
  readonly type: 'ordinal';
  readonly column: string;
  readonly numeric: boolean;
  readonly order: readonly string[];
  readonly scaling: Scaling;
  readonly missingIndicator: boolean;
}

export function fitOrdinal(
  group: OrdinalGroup,
  column: string,
  coded: CodedColumn,
  train: Int32Array,
  numeric: boolean,
): FittedOrdinal {
  const order = group.order.map(String);
  const options = { impute: 'median', log1p: false, scale: group.scale } as const;
  const scaling = fitScaling(placesIn(order, coded), train, options);
  const { missingIndicator } = group;
  return { type: 'ordinal', column, numeric, order, scaling, missingIndicator };
}

export const ordinalFeatures = ({ column, missingIndicator }: FittedOrdinal): readonly string[] =>
  missingIndicator ? [column, `${column} is missing`] : [column];

/** Unknown values count as missing ones. */
export async function writeOrdinal(
  fitted: FittedOrdinal,
  source: ColumnSource,
  slot: DenseSlot,
  offset: number,
): Promise<void> {
  const values = placesIn(fitted.order, await source.texts(fitted.column, fitted.numeric));
  writeScaled(fitted.scaling, values, slot, offset);
  if (fitted.missingIndicator) writeMissing(values, slot, offset + 1);
}

function placesIn(order: readonly string[], coded: CodedColumn): Float64Array {
  const places = new Map(order.map((value, place) => [value, place]));
  return mapTexts(coded, (text) => places.get(text) ?? Number.NaN);
}
