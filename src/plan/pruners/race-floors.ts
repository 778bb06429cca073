/** @file In a race: whether a choice surely misses a floor that another one meets. */
import { floorOf } from './place.ts';
import { countText, valueText } from './reason.ts';
import { ownNoise, type ReplicateTable } from './replicate-table.ts';
import { studentQuantile } from './student-quantile.ts';

/** The choice is in row 0. Null while no other one meets all floors: then the best of those that miss them is looked for. */
export function missesSurely(
  tables: readonly ReplicateTable[],
  floors: readonly number[],
  level: number,
): string | null {
  if (!floors.some(Number.isFinite) || !isMetByAnother(tables, floors)) return null;
  for (const [objective, table] of tables.entries()) {
    const floor = floorOf(floors, objective);
    if (!Number.isFinite(floor)) continue;
    const { mean, count } = meanOf(table, 0);
    const margin = marginOf(table, count, level);
    if (!(mean - floor > margin) && mean !== Number.POSITIVE_INFINITY) continue;
    return Number.isFinite(mean)
      ? `over ${countText(count, 'replicate')} its ${valueText(mean, floor)} misses the floor of ${valueText(floor, mean)} by more than chance explains (${valueText(margin)})`
      : `an objective with the floor ${valueText(floor)} is undefined`;
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

function meanOf(
  { cells, replicates }: ReplicateTable,
  row: number,
): { mean: number; count: number } {
  let [sum, count] = [0, 0];
  for (let column = 0; column < replicates; column++) {
    const value = cells[row * replicates + column] as number;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return { mean: sum / count, count };
}

function marginOf(table: ReplicateTable, count: number, level: number): number {
  const noise = ownNoise(table);
  if (noise === null) return Number.POSITIVE_INFINITY;
  const exceeded = level / (count * (count + 1));
  return studentQuantile(exceeded, noise.degrees) * Math.sqrt(noise.variance / count);
}
