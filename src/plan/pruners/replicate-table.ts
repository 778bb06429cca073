/** @file The values of contenders as a table: one row a contender, one column a replicate. */
import type { Contender } from '../define-pruner.ts';
import { orWorst } from './best-so-far.ts';

export interface ReplicateTable {
  readonly rows: number;
  readonly columns: number;
  /** Row by row: NaN where a replicate has not finished, Infinity for the worst. */
  readonly cells: Float64Array;
}

/** A table for each objective. */
export function replicateTables(
  contenders: readonly Contender[],
  replicates: readonly number[],
  objectives: number,
): readonly ReplicateTable[] {
  const [rows, columns] = [contenders.length, replicates.length];
  const tables = Array.from({ length: objectives }, () => ({
    rows,
    columns,
    cells: new Float64Array(rows * columns).fill(Number.NaN),
  }));
  let cell = 0;
  for (const contender of contenders) {
    for (const replicate of replicates) {
      const values = contender.replicates.get(replicate);
      for (let objective = 0; values !== undefined && objective < objectives; objective++) {
        (tables[objective] as ReplicateTable).cells[cell] = orWorst(values[objective]);
      }
      cell++;
    }
  }
  return tables;
}

/** All that any of them has, in rising order. */
export function replicatesOf(contenders: readonly Contender[]): readonly number[] {
  const seen = new Set<number>();
  for (const { replicates } of contenders) for (const key of replicates.keys()) seen.add(key);
  return [...seen].sort((one, other) => one - other);
}

/** Over the replicates that have finished. */
export function meanOf({ cells, columns }: ReplicateTable, row: number) {
  let sum = 0;
  let count = 0;
  for (let column = 0; column < columns; column++) {
    const value = cells[row * columns + column] as number;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return { mean: sum / count, count };
}
