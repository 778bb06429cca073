/** @file Categorical columns: the values that the training split holds often enough, and their codes. */

import { chosen } from '../../spec/kind.ts';
import type { FeatureGroup } from '../../spec/schema/data.ts';
import type { CodedColumn, ColumnSource } from '../table/column-source.ts';
import type { CodesSlot, DenseSlot } from './dense-slot.ts';

export type CategoryGroup = Extract<FeatureGroup, { type: 'category' }>;
interface Vocabulary {
  readonly column: string;
  /** The column held numbers: later texts are read as numbers where they can be. */
  readonly numeric: boolean;
  /** In the order of their texts. */
  readonly values: readonly string[];
}
export interface FittedOneHot extends Vocabulary {
  readonly type: 'oneHot';
  /** The training split held values too rare to have a feature of their own. */
  readonly other: boolean;
  readonly missing: boolean;
}
/** Codes from `offset`: unknown or rare, missing, then the values. */
export interface FittedEmbedding extends Vocabulary {
  readonly type: 'embedding';
  /** The input that it belongs to, and its place in it. */
  readonly input: string;
  readonly position: number;
  readonly offset: number;
}

export interface EmbeddingPlace {
  readonly input: string;
  readonly position: number;
  readonly offset: number;
}

/** `place` says where a group that is embedded stands; a one-hot column needs none. */
export function fitCategory(
  group: CategoryGroup,
  column: string,
  coded: CodedColumn,
  train: Int32Array,
  numeric: boolean,
  place: EmbeddingPlace,
): FittedOneHot | FittedEmbedding {
  const counts = new Int32Array(coded.values.length);
  let missing = false;
  for (const row of train) {
    const code = coded.codes[row] as number;
    if (code < 0) missing = true;
    else counts[code] = (counts[code] as number) + 1;
  }
  const values = coded.values.filter((_, code) => (counts[code] as number) >= group.minCount);
  const vocabulary = { column, numeric, values };
  if (chosen(group.encode).name === 'embedding')
    return { type: 'embedding', ...vocabulary, ...place };
  const other = counts.some((count) => count > 0 && count < group.minCount);
  return { type: 'oneHot', ...vocabulary, other, missing };
}

/** How many codes an embedded column takes. */
export const codesOf = ({ values }: FittedEmbedding) => values.length + 2;

export function oneHotFeatures({
  column,
  values,
  other,
  missing,
}: FittedOneHot): readonly string[] {
  return [
    ...values.map((value) => `${column} = ${value}`),
    ...(other ? [`${column} is other`] : []),
    ...(missing ? [`${column} is missing`] : []),
  ];
}

/** Unknown values are `other`; where training knew none, they and missing ones are all zeros. */
export async function writeOneHot(
  fitted: FittedOneHot,
  source: ColumnSource,
  slot: DenseSlot,
  offset: number,
): Promise<void> {
  const { values, other, missing } = fitted;
  const coded = await source.texts(fitted.column, fitted.numeric);
  const forOther = other ? values.length : -1;
  const forMissing = missing ? values.length + (other ? 1 : 0) : forOther;
  const places = placesOf(coded, values, forOther);
  for (let row = 0; row < coded.codes.length; row++) {
    const target = slot.position[row] as number;
    const code = coded.codes[row] as number;
    const place = code < 0 ? forMissing : (places[code] as number);
    if (target >= 0 && place >= 0) slot.array[target * slot.width + offset + place] = 1;
  }
}

export async function writeEmbedding(
  fitted: FittedEmbedding,
  source: ColumnSource,
  slot: CodesSlot,
): Promise<void> {
  const { values, offset, position } = fitted;
  const coded = await source.texts(fitted.column, fitted.numeric);
  const places = placesOf(coded, values, -2);
  for (let row = 0; row < coded.codes.length; row++) {
    const target = slot.position[row] as number;
    const code = coded.codes[row] as number;
    const place = code < 0 ? -1 : (places[code] as number);
    if (target >= 0) slot.array[target * slot.width + position] = offset + 2 + place;
  }
}

/** The places found last for some fitted values. */
const placesFor = new WeakMap<
  readonly string[],
  { readonly dictionary: readonly string[]; readonly places: Int32Array }
>();

/** For each code of the column its place among the fitted values. */
function placesOf(coded: CodedColumn, values: readonly string[], unknown: number): Int32Array {
  const found = placesFor.get(values);
  // All windows of a table share one dictionary.
  if (found?.dictionary === coded.values) return found.places;
  const known = new Map(values.map((value, place) => [value, place]));
  const places = Int32Array.from(coded.values, (value) => known.get(value) ?? unknown);
  placesFor.set(values, { dictionary: coded.values, places });
  return places;
}
