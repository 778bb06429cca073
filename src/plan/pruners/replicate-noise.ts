/** @file How much the values of one choice differ from replicate to replicate, told from all choices together. */
import type { Contender } from '../define-pruner.ts';
import { nthLeast } from './nth-least.ts';
import { type ReplicateTable, replicatesOf, replicateTables } from './replicate-table.ts';

export interface Noise {
  readonly variance: number;
  readonly degrees: number;
}

export interface Contrasts {
  readonly rows: number;
  readonly columns: number;
  /**
   * Helmert's contrasts of each row: a replicate against the mean of those before it, scaled to the variance of one
   * value; independent of each other and of the mean. NaN from the first gap on: they would mix other replicates.
   */
  readonly contrasts: Float64Array;
  /** Mean of what the contrasts of a row were made of; NaN in rows without any. */
  readonly means: Float64Array;
}

/** Their variance is known to a few percent, and a decision stays quick. */
const mostContenders = 1000;

/** For each objective, of those with two replicates or more; of very many, every second, third, … in their order. */
export function contrastsOf(
  contenders: readonly Contender[],
  objectives: number,
): readonly Contrasts[] {
  const repeated = contenders.filter(({ replicates }) => replicates.size > 1);
  const every = Math.ceil(repeated.length / mostContenders);
  const sample = repeated.filter((_, position) => position % every === 0);
  return replicateTables(sample, replicatesOf(sample), objectives).map(contrastsIn);
}

function contrastsIn({ rows, columns, cells }: ReplicateTable): Contrasts {
  const contrasts = new Float64Array(rows * columns).fill(Number.NaN);
  const means = new Float64Array(rows).fill(Number.NaN);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    let column = 0;
    for (; column < columns; column++) {
      const value = cells[row * columns + column] as number;
      if (!Number.isFinite(value)) break;
      const contrast = Math.sqrt(column / (column + 1)) * (value - sum / column);
      // The first one has nothing before it.
      contrasts[row * columns + column] = contrast;
      sum += value;
    }
    if (column > 1) means[row] = sum / column;
  }
  return { rows, columns, contrasts, means };
}

/**
 * Variance of what is left of a value once its choice and its replicate are known, pooled over choices with a mean up to
 * a limit: twice that is the variance of a paired difference. With all cells filled it is the residual mean square of
 * the two-way analysis of variance. Null where nothing can be told.
 */
export function pairedNoise(table: Contrasts, limit = Number.POSITIVE_INFINITY): Noise | null {
  let squares = 0;
  let degrees = 0;
  for (let column = 1; column < table.columns; column++) {
    const values = columnOf(table, column, limit);
    if (values.length < 2) continue;
    // What all choices have in common is the replicate's doing.
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    for (const value of values) squares += (value - mean) ** 2;
    degrees += values.length - 1;
  }
  return noiseOf(squares, degrees, degrees);
}

function columnOf({ rows, columns, contrasts, means }: Contrasts, column: number, limit: number) {
  const values: number[] = [];
  for (let row = 0; row < rows; row++) {
    const contrast = contrasts[row * columns + column] as number;
    if (!Number.isNaN(contrast) && (means[row] as number) <= limit) values.push(contrast);
  }
  return values;
}

/**
 * Variance of a value over replicates, pooled over choices. What a replicate does to all choices alike is in it, so
 * there are no more degrees of freedom than replicates allow.
 */
export function ownNoise({ contrasts, columns }: Contrasts): Noise | null {
  let squares = 0;
  let count = 0;
  for (const contrast of contrasts) {
    if (Number.isNaN(contrast)) continue;
    squares += contrast ** 2;
    count++;
  }
  return noiseOf(squares, count, Math.min(count, columns - 1));
}

/** No spread at all is no knowledge: a metric that counts a few rows repeats itself by chance. */
const noiseOf = (squares: number, count: number, degrees: number): Noise | null =>
  squares > 0 ? { variance: squares / count, degrees } : null;

/** The mean that half of the rows do not exceed. */
export function medianMean({ means }: Contrasts): number {
  const known = means.filter((mean) => !Number.isNaN(mean));
  return nthLeast(known, Math.ceil(known.length / 2) - 1);
}
