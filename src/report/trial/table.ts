/** @file Predictions as the table that MLflow's UI shows and lays side by side for several runs. */
import type { HeadPredictions, Predictions } from './predictions.ts';

type Cell = number | string | null;

/** JSON in pandas' split orientation: the first rows by their number, the same for every trial. */
export function predictionsTable(
  { rowNumbers, heads }: Predictions,
  { rows }: { readonly rows: number },
): string {
  const order = Array.from(rowNumbers.keys())
    .sort((one, other) => (rowNumbers[one] ?? 0) - (rowNumbers[other] ?? 0))
    .slice(0, rows);
  const columns = [
    { name: 'row', cell: (at: number): Cell => rowNumbers[at] ?? null },
    ...Object.entries(heads).flatMap(([head, predictions]) => headColumns(head, predictions)),
  ];
  const data = order.map((at) => columns.map(({ cell }) => cell(at)));
  return JSON.stringify({ columns: columns.map(({ name }) => name), data });
}

interface Column {
  readonly name: string;
  readonly cell: (at: number) => Cell;
}

const number = (value: number | undefined): Cell =>
  value === undefined || !Number.isFinite(value) ? null : value;

function headColumns(head: string, predictions: HeadPredictions): readonly Column[] {
  const column = (name: string, cell: (at: number) => Cell): Column => ({ name, cell });
  switch (predictions.kind) {
    case 'regression': {
      const { labels, values } = predictions;
      return [
        column(`${head} label`, (at) => number(labels[at])),
        column(head, (at) => number(values[at])),
        column(`${head} error`, (at) =>
          number((values[at] ?? Number.NaN) - (labels[at] ?? Number.NaN)),
        ),
      ];
    }
    case 'binary': {
      const { labels, probabilities } = predictions;
      return [
        column(`${head} label`, (at) => number(labels[at])),
        column(`${head} probability`, (at) => number(probabilities[at])),
      ];
    }
    case 'multiclass': {
      const { classes, labels, predicted, confidences } = predictions;
      return [
        column(`${head} label`, (at) => classes[labels[at] ?? -1] ?? null),
        column(head, (at) => classes[predicted[at] ?? -1] ?? null),
        column(`${head} probability`, (at) => number(confidences[at])),
      ];
    }
    case 'multilabel': {
      const { names, labels, probabilities } = predictions;
      return names.flatMap((name, index) => [
        column(`${head} ${name} label`, (at) => number(labels[index]?.[at])),
        column(`${head} ${name} probability`, (at) => number(probabilities[index]?.[at])),
      ]);
    }
    default:
      return predictions satisfies never;
  }
}
