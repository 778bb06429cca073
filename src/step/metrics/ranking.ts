/** @file Figures of a ranking by score: the area under two curves. */
import type { Question } from './binary-counts.ts';
import { rowOrder } from './row-order.ts';

/** Walks down the ranking; rows of equal score are taken together. */
function walk(
  { scores, labels, weights }: Question,
  visit: (positives: number, negatives: number) => void,
): void {
  const order = rowOrder(scores, 'descending');
  for (let from = 0; from < order.length; ) {
    const score = scores[order[from] ?? 0];
    let [positives, negatives] = [0, 0];
    let to = from;
    while (to < order.length && scores[order[to] ?? 0] === score) {
      const row = order[to++] ?? 0;
      const weight = weights?.[row] ?? 1;
      if (labels[row] === 1) positives += weight;
      else negatives += weight;
    }
    visit(positives, negatives);
    from = to;
  }
}

/** The area under the receiver operating characteristic; NaN with one class only. */
export function rocArea(question: Question): number {
  let [above, area, allPositives, allNegatives] = [0, 0, 0, 0];
  walk(question, (positives, negatives) => {
    area += negatives * (above + positives / 2);
    above += positives;
    allPositives += positives;
    allNegatives += negatives;
  });
  return area / (allPositives * allNegatives);
}

/** Mean precision over the steps in recall; NaN without a positive. */
export function averagePrecisionOf(question: Question): number {
  let [found, seen, sum] = [0, 0, 0];
  walk(question, (positives, negatives) => {
    found += positives;
    seen += positives + negatives;
    if (seen > 0) sum += positives * (found / seen);
  });
  return sum / found;
}

/** Ranks from 1; equal values share the mean of their ranks. */
export function ranks(values: Float64Array): Float64Array {
  const order = rowOrder(values, 'ascending');
  const result = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to++;
    for (let index = from; index < to; index++) result[order[index] ?? 0] = (from + to + 1) / 2;
    from = to;
  }
  return result;
}
