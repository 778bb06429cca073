/** @file Predictions as the table that MLflow's UI shows and lays side by side for several runs. */
import type { HeadPredictions, Predictions } from './predictions.ts';

type Cell = number | string | null;

interface Column {
  readonly name: string;
  readonly cell: (at: number) => Cell;
}

/** JSON in pandas' split orientation: the first rows by their number, the same for every trial. */
export function predictionsTable(
  { rowNumbers, heads }: Predictions,
  { rows }: { readonly rows: number },
): string {
  const columns: readonly Column[] = [
    { name: 'row', cell: (at) => number(rowNumbers[at]) },
    ...Object.entries(heads).flatMap(([head, own]) => headColumns(head, own)),
  ];
  const data = firstRows(rowNumbers, rows).map((at) => columns.map(({ cell }) => cell(at)));
  return JSON.stringify({ columns: columns.map(({ name }) => name), data });
}

/** They come in ascending order already, but nobody promised it. */
function firstRows(rowNumbers: Float64Array, count: number): readonly number[] {
  const all = Array.from(rowNumbers.keys());
  const isSorted = all.every((at) => at === 0 || isBefore(rowNumbers[at - 1], rowNumbers[at]));
  const order = (at: number) => rowNumbers[at] ?? 0;
  return (isSorted ? all : all.sort((one, other) => order(one) - order(other))).slice(0, count);
}

const isBefore = (one = 0, other = 0): boolean => one <= other;

/** Seven digits are all that a float32 holds; what is no number is null. */
const number = (value: number | undefined): Cell =>
  value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(7));

/** 1 where a prediction is wrong, null where nobody knows. */
function wrong(label: number, prediction: number): Cell {
  return Number.isNaN(label) || Number.isNaN(prediction) ? null : Number(label !== prediction);
}

/**
 * Its prediction, its label, the probability, the error: MLflow compares the first column after
 * `row` unless it is told otherwise, and labels are the same in all runs. No head's name has a space.
 */
function headColumns(head: string, predictions: HeadPredictions): readonly Column[] {
  switch (predictions.kind) {
    case 'regression': {
      const { labels, values } = predictions;
      return [
        { name: head, cell: (at) => number(values[at]) },
        { name: `${head} label`, cell: (at) => number(labels[at]) },
        { name: `${head} error`, cell: (at) => number(of(values, at) - of(labels, at)) },
      ];
    }
    case 'binary':
      return binaryColumns(head, predictions.labels, predictions.probabilities);
    case 'multiclass': {
      const { classes, labels, predicted, confidences } = predictions;
      const known = (index = -1) => (index < 0 ? Number.NaN : index);
      return [
        { name: head, cell: (at) => classes[predicted[at] ?? -1] ?? null },
        { name: `${head} label`, cell: (at) => classes[labels[at] ?? -1] ?? null },
        { name: `${head} probability`, cell: (at) => number(confidences[at]) },
        { name: `${head} error`, cell: (at) => wrong(known(labels[at]), known(predicted[at])) },
      ];
    }
    case 'multilabel': {
      const { names, labels, probabilities } = predictions;
      const none = new Float64Array();
      return names.flatMap((name, at) =>
        binaryColumns(`${head} ${name}`, labels[at] ?? none, probabilities[at] ?? none),
      );
    }
    default:
      return predictions satisfies never;
  }
}

function binaryColumns(
  name: string,
  labels: Float64Array,
  probabilities: Float64Array,
): readonly Column[] {
  const predicted = (at: number): number => {
    const probability = of(probabilities, at);
    return Number.isNaN(probability) ? probability : Number(probability >= 0.5);
  };
  return [
    { name, cell: (at) => number(predicted(at)) },
    { name: `${name} label`, cell: (at) => number(labels[at]) },
    { name: `${name} probability`, cell: (at) => number(probabilities[at]) },
    { name: `${name} error`, cell: (at) => wrong(of(labels, at), predicted(at)) },
  ];
}

const of = (values: Float64Array, at: number): number => values[at] ?? Number.NaN;
