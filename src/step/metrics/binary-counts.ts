/** @file Columns of a metric's input, and counts of right and wrong answers. */
import { Type } from 'typebox';
import type { MetricInput } from '../define.ts';

/** One yes-or-no question: scores and labels of all rows. */
export interface Question {
  readonly scores: Float64Array;
  readonly labels: Float64Array;
  readonly weights: Float64Array | null;
}

/** One column of the input as a question by itself. */
export function questionOf(input: MetricInput, column = 0): Question {
  const { columns, predictions, labels, weights } = input;
  if (columns === 1) return { scores: predictions, labels, weights };
  const pick = (values: Float64Array) =>
    Float64Array.from({ length: input.rows }, (_, row) => values[row * columns + column] ?? 0);
  return { scores: pick(predictions), labels: pick(labels), weights };
}

export const threshold = Type.Number({
  description: 'Probabilities from here on count as yes.',
  minimum: 0,
  maximum: 1,
  default: 0.5,
});
export const average = Type.Unsafe<'macro' | 'weighted' | 'micro'>({
  type: 'string',
  enum: ['macro', 'weighted', 'micro'],
  description:
    'Over classes or labels: macro, all alike; weighted, by how often they occur; micro, all answers together.',
  default: 'macro',
});

/** Weighted counts of one class. */
export interface Counts {
  truePositive: number;
  falsePositive: number;
  falseNegative: number;
  trueNegative: number;
}

const noCounts = (): Counts => ({
  truePositive: 0,
  falsePositive: 0,
  falseNegative: 0,
  trueNegative: 0,
});

/** Counts for yes: one entry for binary, one for each label or class otherwise. */
export function countsOf(input: MetricInput, isMulticlass: boolean, cut = 0.5): readonly Counts[] {
  const { rows, columns, labels, predictions, weights } = input;
  const counts = Array.from({ length: columns }, noCounts);
  for (let row = 0; row < rows; row++) {
    const weight = weights?.[row] ?? 1;
    const winner = isMulticlass ? argMax(predictions, row * columns, columns) : -1;
    for (const [column, count] of counts.entries()) {
      const at = row * columns + column;
      const said = isMulticlass ? column === winner : (predictions[at] ?? 0) >= cut;
      const isTrue = labels[at] === 1;
      if (said && isTrue) count.truePositive += weight;
      else if (said) count.falsePositive += weight;
      else if (isTrue) count.falseNegative += weight;
      else count.trueNegative += weight;
    }
  }
  return counts;
}

/** The first of the largest. */
export function argMax(values: Float64Array, from: number, count: number): number {
  let best = 0;
  for (let index = 1; index < count; index++) {
    if ((values[from + index] ?? 0) > (values[from + best] ?? 0)) best = index;
  }
  return best;
}

export const support = (counts: Counts) => counts.truePositive + counts.falseNegative;

/** Averages a figure of each class. Classes that neither occur nor are answered do not count. */
export function averageOver(
  counts: readonly Counts[],
  how: 'macro' | 'weighted' | 'micro',
  figure: (counts: Counts) => number,
): number {
  if (how === 'micro' || counts.length === 1)
    return figure(counts.length === 1 ? (counts[0] ?? noCounts()) : sumOf(counts));
  const seen = counts.filter((each) => support(each) + each.falsePositive > 0);
  const weights = seen.map((each) => (how === 'weighted' ? support(each) : 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return seen.reduce((sum, each, index) => sum + figure(each) * (weights[index] ?? 0), 0) / total;
}

function sumOf(counts: readonly Counts[]): Counts {
  const sum = noCounts();
  for (const each of counts) {
    sum.truePositive += each.truePositive;
    sum.falsePositive += each.falsePositive;
    sum.falseNegative += each.falseNegative;
    sum.trueNegative += each.trueNegative;
  }
  return sum;
}

/** a / b, and 0 for 0 / 0, as scikit-learn answers with `zero_division=0`. */
export const ratio = (a: number, b: number) => (b === 0 ? 0 : a / b);

/** Weighted mean of a figure of each row. */
export function meanOverRows(
  { rows, weights }: MetricInput,
  figure: (row: number) => number,
): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const weight = weights?.[row] ?? 1;
    sum += weight * figure(row);
    total += weight;
  }
  return sum / total;
}

/** Each class's own figure of its one-against-the-rest question, averaged. */
export function averageQuestions(
  input: MetricInput,
  how: 'macro' | 'weighted',
  figure: (question: Question) => number,
): number {
  if (input.columns === 1) return figure(questionOf(input));
  let [sum, total] = [0, 0];
  for (let column = 0; column < input.columns; column++) {
    const question = questionOf(input, column);
    const weight =
      how === 'macro'
        ? 1
        : question.labels.reduce(
            (count, label, row) => count + label * (question.weights?.[row] ?? 1),
            0,
          );
    sum += weight * figure(question);
    total += weight;
  }
  return sum / total;
}
