/** @file Sample weights: how much each row counts in every loss. */
import { DataError } from './data-error.ts';
import type { ColumnSource } from './table/column-source.ts';

export async function readWeights(column: string, source: ColumnSource): Promise<Float32Array> {
  const [values = []] = await source.numbers([column]);
  const weights = new Float32Array(values);
  const wrong = weights.findIndex((weight) => !(weight >= 0));
  if (wrong < 0) return weights;
  const weight = weights[wrong] as number;
  throw new DataError([
    {
      path: ['data', 'sampleWeight'],
      expected: 'a weight of 0 or more in every row',
      came: `${Number.isNaN(weight) ? 'none' : weight} in row ${wrong + 1} of "${column}"`,
    },
  ]);
}
