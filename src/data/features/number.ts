/** @file Numeric columns: imputed, perhaps as logarithms, scaled, perhaps with a missing-indicator. */
import type { FeatureGroup } from '../../spec/schema/data.ts';
import type { ColumnSource } from '../table/column-source.ts';
import type { DenseSlot } from './dense-slot.ts';
import { fitScaling, type Scaling, writeMissing, writeScaled } from './scaling.ts';

export type NumberGroup = Extract<FeatureGroup, { type: 'number' }>;
export interface FittedNumber {
  readonly type: 'number';
  readonly column: string;
  readonly scaling: Scaling;
  readonly missingIndicator: boolean;
}

export function fitNumber(
  group: NumberGroup,
  column: string,
  values: Float64Array,
  train: Int32Array,
): FittedNumber {
  const scaling = fitScaling(values, train, group);
  return { type: 'number', column, scaling, missingIndicator: group.missingIndicator };
}

export const numberFeatures = ({ column, missingIndicator }: FittedNumber): readonly string[] =>
  missingIndicator ? [column, `${column} is missing`] : [column];

export async function writeNumber(
  fitted: FittedNumber,
  source: ColumnSource,
  slot: DenseSlot,
  offset: number,
): Promise<void> {
  const [values] = await source.numbers([fitted.column]);
  if (!values) return;
  writeScaled(fitted.scaling, values, slot, offset);
  if (fitted.missingIndicator) writeMissing(values, slot, offset + 1);
}
