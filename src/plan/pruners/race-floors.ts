/** @file In a race: whether a choice surely misses a floor that another one meets. */

import { studentQuantile } from '../student-quantile.ts';
import { floorOf } from './place.ts';
import { countText, valueText } from './reason.ts';
import { type Contrasts, ownNoise } from './replicate-noise.ts';
import { meanOf, type ReplicateTable } from './replicate-table.ts';

/** The choice is in row 0. Null while no other one meets all floors: then the best of those that miss them is looked for. */
export function missesSurely(
  tables: readonly ReplicateTable[],
  contrasts: () => readonly Contrasts[],
  floors: readonly number[],
  level: number,
  signs: readonly number[] = [],
): string | null {
  const isMissing = tables.some(
    (table, objective) => meanOf(table, 0).mean > floorOf(floors, objective),
  );
  if (!isMissing || !isMetByAnother(tables, floors)) return null;
  for (const [objective, table] of tables.entries()) {
    const floor = floorOf(floors, objective);
    const { mean, count } = meanOf(table, 0);
    if (!(mean > floor)) continue;
    if (mean === Number.POSITIVE_INFINITY) {
      return `an objective with the floor ${valueText(floor * (signs[objective] ?? 1))} is undefined`;
    }
    const margin = marginOf(contrasts()[objective], count, level);
    if (mean - floor <= margin) continue;
    const [own, needed] = [mean, floor].map((value) => value * (signs[objective] ?? 1));
    return `over ${countText(count, 'replicate')} its ${valueText(own ?? 0, needed)} misses the floor of ${valueText(needed ?? 0, own)} by more than chance explains (${valueText(margin)})`;
  }
  return null;
}

function isMetByAnother(tables: readonly ReplicateTable[], floors: readonly number[]): boolean {
  const rows = tables[0]?.rows ?? 0;
  for (let row = 1; row < rows; row++) {
    const isMet = tables.every(
      (table, objective) => meanOf(table, row).mean <= floorOf(floors, objective),
    );
    if (isMet) return true;
  }
  return false;
}

function marginOf(contrasts: Contrasts | undefined, count: number, level: number): number {
  const noise = contrasts ? ownNoise(contrasts) : null;
  if (noise === null) return Number.POSITIVE_INFINITY;
  const exceeded = level / (count * (count + 1));
  return studentQuantile(exceeded, noise.degrees) * Math.sqrt(noise.variance / count);
}
