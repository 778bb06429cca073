/** @file The values of contenders as a table, and the noise of training told from it. */
import type { Contender } from '../define-pruner.ts';
import { orWorst } from './best-so-far.ts';

/** One row a contender, one column a replicate, in rising order. */
export interface ReplicateTable {
  readonly rows: number;
  readonly replicates: number;
  /** NaN where there is none yet, Infinity for the worst. */
  readonly cells: Float64Array;
  /**
   * Helmert's contrasts of each row: a replicate against the mean of those before it, scaled to the variance of one
   * value; independent of each other and of the mean. NaN from the first gap on: they would mix other replicates.
   */
  readonly contrasts: Float64Array;
  /** Mean of what the contrasts were made of; NaN in rows without any. */
  readonly means: Float64Array;
}

/** A table for each objective. */
export function replicateTables(
  contenders: readonly Contender[],
  objectives: number,
): readonly ReplicateTable[] {
  const columns = columnsOf(contenders);
  const [rows, replicates] = [contenders.length, columns.size];
  const tables = Array.from({ length: objectives }, () => ({
    rows,
    replicates,
    cells: new Float64Array(rows * replicates).fill(Number.NaN),
    contrasts: new Float64Array(rows * replicates).fill(Number.NaN),
    means: new Float64Array(rows).fill(Number.NaN),
  }));
  let start = 0;
  for (const contender of contenders) {
    for (const [replicate, values] of contender.replicates) {
      const cell = start + (columns.get(replicate) ?? 0);
      for (let objective = 0; objective < objectives; objective++) {
        (tables[objective] as ReplicateTable).cells[cell] = orWorst(values[objective]);
      }
    }
    start += replicates;
  }
  for (const table of tables) fillContrasts(table);
  return tables;
}

function columnsOf(contenders: readonly Contender[]): ReadonlyMap<number, number> {
  const seen = new Set<number>();
  for (const { replicates } of contenders)
    for (const replicate of replicates.keys()) seen.add(replicate);
  const sorted = [...seen].sort((one, other) => one - other);
  return new Map(sorted.map((replicate, column) => [replicate, column]));
}

function fillContrasts({ rows, replicates, cells, contrasts, means }: ReplicateTable): void {
  for (let row = 0; row < rows; row++) {
    const start = row * replicates;
    let [sum, column] = [0, 0];
    for (; column < replicates; column++) {
      const value = cells[start + column] as number;
      if (!Number.isFinite(value)) break;
      if (column > 0) {
        contrasts[start + column] = Math.sqrt(column / (column + 1)) * (value - sum / column);
      }
      sum += value;
    }
    if (column > 1) means[row] = sum / column;
  }
}

export interface Noise {
  readonly variance: number;
  readonly degrees: number;
}

/**
 * Variance of what is left of a value once its choice and its replicate are known, pooled over choices with a mean up to
 * a limit: twice that is the variance of a paired difference. With all cells filled it is the residual mean square of
 * the two-way analysis of variance. Null where nothing can be told.
 */
export function pairedNoise(table: ReplicateTable, limit = Number.POSITIVE_INFINITY): Noise | null {
  let [squares, degrees] = [0, 0];
  for (let column = 1; column < table.replicates; column++) {
    // What all choices have in common is the replicate's doing.
    const { count, mean } = columnMean(table, column, limit);
    if (count < 2) continue;
    for (let row = 0; row < table.rows; row++) {
      if (!((table.means[row] as number) <= limit)) continue;
      const contrast = table.contrasts[row * table.replicates + column] as number;
      if (!Number.isNaN(contrast)) squares += (contrast - mean) ** 2;
    }
    degrees += count - 1;
  }
  return noiseOf(squares, degrees, degrees);
}

function columnMean(table: ReplicateTable, column: number, limit: number) {
  let [sum, count] = [0, 0];
  for (let row = 0; row < table.rows; row++) {
    if (!((table.means[row] as number) <= limit)) continue;
    const contrast = table.contrasts[row * table.replicates + column] as number;
    if (Number.isNaN(contrast)) continue;
    sum += contrast;
    count++;
  }
  return { count, mean: sum / count };
}

/**
 * Variance of a value over replicates, pooled over choices. What a replicate does to all choices alike is in it, so
 * there are no more degrees of freedom than replicates allow.
 */
export function ownNoise({ contrasts, replicates }: ReplicateTable): Noise | null {
  let [squares, count] = [0, 0];
  for (const contrast of contrasts) {
    if (Number.isNaN(contrast)) continue;
    squares += contrast ** 2;
    count++;
  }
  return noiseOf(squares, count, Math.min(count, replicates - 1));
}

/** No spread at all is no knowledge: a metric that counts a few rows repeats itself by chance. */
const noiseOf = (squares: number, count: number, degrees: number): Noise | null =>
  squares > 0 ? { variance: squares / count, degrees } : null;

/** The mean that half of the rows with contrasts do not exceed. */
export function medianMean({ means }: ReplicateTable): number {
  const sorted = means.filter((mean) => !Number.isNaN(mean)).sort();
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
}
