/** @file Boolean columns: 1 and 0, whatever words a file has for them. */
import type { FeatureGroup } from '../../spec/schema/data.ts';
import type { CodedColumn, ColumnSource } from '../table/column-source.ts';
import type { DenseSlot } from './dense-slot.ts';
import { writeMissing } from './scaling.ts';

export type BooleanGroup = Extract<FeatureGroup, { type: 'boolean' }>;
export interface FittedBoolean {
  readonly type: 'boolean';
  readonly column: string;
  readonly missingIndicator: boolean;
}

const yes = new Set(['true', 't', 'yes', 'y', '1', 'on']);
const no = new Set(['false', 'f', 'no', 'n', '0', 'off']);

/** 1 or 0; NaN for a text that is neither. */
export function booleanOf(text: string): number {
  const word = text.trim().toLowerCase();
  return yes.has(word) ? 1 : no.has(word) ? 0 : Number.NaN;
}

export const fitBoolean = (group: BooleanGroup, column: string): FittedBoolean => ({
  type: 'boolean',
  column,
  missingIndicator: group.missingIndicator,
});

export const booleanFeatures = ({ column, missingIndicator }: FittedBoolean): readonly string[] =>
  missingIndicator ? [column, `${column} is missing`] : [column];

export async function writeBoolean(
  fitted: FittedBoolean,
  source: ColumnSource,
  slot: DenseSlot,
  offset: number,
): Promise<void> {
  const values = mapTexts(await source.texts(fitted.column, true), booleanOf);
  for (let row = 0; row < values.length; row++) {
    const target = slot.position[row] as number;
    if (target >= 0) slot.array[target * slot.width + offset] = values[row] === 1 ? 1 : 0;
  }
  if (fitted.missingIndicator) writeMissing(values, slot, offset + 1);
}

/** A number for each row, computed once for each different text. */
export function mapTexts(coded: CodedColumn, numberOf: (text: string) => number): Float64Array {
  const numbers = coded.values.map(numberOf);
  const mapped = new Float64Array(coded.codes.length);
  for (let row = 0; row < mapped.length; row++) {
    const code = coded.codes[row] as number;
    mapped[row] = code < 0 ? Number.NaN : (numbers[code] ?? Number.NaN);
  }
  return mapped;
}
