/** @file Date columns: the year, month, weekday, … as scaled numbers, all in UTC. */
import type { FeatureGroup } from '../../spec/schema/data.ts';
import type { ColumnSource } from '../table/column-source.ts';
import type { DenseSlot } from './dense-slot.ts';
import { fitScaling, type Scaling, writeMissing, writeScaled } from './scaling.ts';

export type DateGroup = Extract<FeatureGroup, { type: 'date' }>;
export type DatePart = DateGroup['parts'][number];
export interface FittedDate {
  readonly type: 'date';
  readonly column: string;
  readonly parts: readonly { readonly part: DatePart; readonly scaling: Scaling }[];
  readonly missingIndicator: boolean;
}

const millisecondsADay = 86_400_000;

export function fitDate(
  group: DateGroup,
  column: string,
  times: Float64Array,
  train: Int32Array,
): FittedDate {
  const options = { impute: 'median', log1p: false, scale: group.scale } as const;
  const parts = group.parts.map((part) => ({
    part,
    scaling: fitScaling(datePart(times, part), train, options),
  }));
  return { type: 'date', column, parts, missingIndicator: group.missingIndicator };
}

export const dateFeatures = ({
  column,
  parts,
  missingIndicator,
}: FittedDate): readonly string[] => [
  ...parts.map(({ part }) => `${column} ${part}`),
  ...(missingIndicator ? [`${column} is missing`] : []),
];

export async function writeDate(
  fitted: FittedDate,
  source: ColumnSource,
  slot: DenseSlot,
  offset: number,
): Promise<void> {
  const [times] = await source.times([fitted.column]);
  if (!times) return;
  for (const [index, { part, scaling }] of fitted.parts.entries())
    writeScaled(scaling, datePart(times, part), slot, offset + index);
  if (fitted.missingIndicator) writeMissing(times, slot, offset + fitted.parts.length);
}

const datePart = (times: Float64Array, part: DatePart) =>
  times.map((time) => (Number.isNaN(time) ? Number.NaN : partOf(new Date(time), time, part)));

/** Months count from 1, weekdays from Monday = 0. */
function partOf(date: Date, time: number, part: DatePart): number {
  switch (part) {
    case 'year':
      return date.getUTCFullYear();
    case 'month':
      return date.getUTCMonth() + 1;
    case 'day':
      return date.getUTCDate();
    case 'dayOfWeek':
      return (date.getUTCDay() + 6) % 7;
    case 'dayOfYear':
      return 1 + Math.floor((time - Date.UTC(date.getUTCFullYear(), 0, 1)) / millisecondsADay);
    case 'hour':
      return date.getUTCHours();
    case 'minute':
      return date.getUTCMinutes();
    case 'daysSinceEpoch':
      return Math.floor(time / millisecondsADay);
    default:
      return part satisfies never;
  }
}
