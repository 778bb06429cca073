/** @file The predictions of a trial, read from its `predictions.csv`. */
import { cellNumber, cellText, type OnCell, scanRow } from './csv.ts';
import { type HeadColumns, type Heads, headColumns } from './head-columns.ts';

/** One head's labels and predictions, row by row. */
export type HeadPredictions =
  | {
      readonly kind: 'regression';
      /** NaN where there is no label. */
      readonly labels: Float64Array;
      /** In the target's own unit. */
      readonly values: Float64Array;
    }
  | {
      readonly kind: 'binary';
      /** 0 or 1; NaN where there is no label. */
      readonly labels: Float64Array;
      readonly probabilities: Float64Array;
    }
  | {
      readonly kind: 'multiclass';
      readonly classes: readonly string[];
      /** Indices of classes; -1 where there is no label. */
      readonly labels: Int32Array;
      /** -1 where there is no prediction: its probabilities were no numbers. */
      readonly predicted: Int32Array;
      /** Of the predicted class. */
      readonly confidences: Float64Array;
    }
  | {
      readonly kind: 'multilabel';
      readonly names: readonly string[];
      /** By name. */
      readonly labels: readonly Float64Array[];
      readonly probabilities: readonly Float64Array[];
    };

export interface Predictions {
  readonly rows: number;
  /** In the table, before splitting. */
  readonly rowNumbers: Float64Array;
  readonly heads: Readonly<Record<string, HeadPredictions>>;
}

/** `heads`: those of the experiment; a control's file has one of them. */
export function readPredictions(csv: Uint8Array, heads: Heads): Predictions {
  const text = Buffer.from(csv.buffer, csv.byteOffset, csv.byteLength).toString('utf8');
  const names: string[] = [];
  let at = scanRow(text, 0, (_, ...cell) => names.push(cellText(text, ...cell)));
  const room = linesFrom(text, at);
  const rowNumbers = empty(room);
  const readers = headColumns(names, heads).map((own) => ({
    head: own.head,
    ...readerOf(text, own, room),
  }));
  const sinks: Sink[] = [];
  sinks[0] = into(text, rowNumbers);
  for (const { columns } of readers) for (const [column, sink] of columns) sinks[column] = sink;
  let rows = 0;
  const onCell: OnCell = (column, from, to, isQuoted) => sinks[column]?.(rows, from, to, isQuoted);
  for (; at < text.length; rows++) at = scanRow(text, at, onCell);
  return {
    rows,
    rowNumbers: rowNumbers.subarray(0, rows),
    heads: Object.fromEntries(readers.map(({ head, predictions }) => [head, predictions(rows)])),
  };
}

/** A quoted text may hold a line break: there may be fewer rows. */
function linesFrom(text: string, from: number): number {
  let lines = 1;
  for (let at = text.indexOf('\n', from); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

const empty = (room: number): Float64Array => new Float64Array(room).fill(Number.NaN);

/** Takes in one cell of a row. */
type Sink = (row: number, from: number, to: number, isQuoted: boolean) => void;

const into =
  (text: string, numbers: Float64Array): Sink =>
  (row, from, to) => {
    numbers[row] = cellNumber(text, from, to);
  };

interface Reader {
  readonly columns: readonly (readonly [column: number, sink: Sink])[];
  predictions(rows: number): HeadPredictions;
}

function readerOf(text: string, own: HeadColumns, room: number): Reader {
  const { type, label, value, probabilities } = own;
  if (type === 'multiclass') return classReader(text, own, room);
  if (type === 'multilabel') return labelReader(text, own, room);
  const [labels, values] = [empty(room), empty(room)];
  const [probability = value] = probabilities;
  return {
    columns: [
      [label, into(text, labels)],
      [probability, into(text, values)],
    ],
    predictions: (rows) =>
      type === 'regression'
        ? { kind: type, labels: labels.subarray(0, rows), values: values.subarray(0, rows) }
        : { kind: type, labels: labels.subarray(0, rows), probabilities: values.subarray(0, rows) },
  };
}

function classReader(text: string, own: HeadColumns, room: number): Reader {
  const index = new Map(own.names.map((name, at) => [name, at]));
  const labels = new Int32Array(room).fill(-1);
  const predicted = new Int32Array(room).fill(-1);
  const confidences = empty(room);
  const classInto =
    (numbers: Int32Array): Sink =>
    (row, from, to, isQuoted) => {
      numbers[row] = index.get(cellText(text, from, to, isQuoted)) ?? -1;
    };
  // The predicted class comes before the probabilities: only its own one is read.
  const confidence =
    (at: number): Sink =>
    (row, from, to) => {
      if (predicted[row] !== at) return;
      const probability = cellNumber(text, from, to);
      confidences[row] = probability;
      if (Number.isNaN(probability)) predicted[row] = -1;
    };
  return {
    columns: [
      [own.label, classInto(labels)],
      [own.value, classInto(predicted)],
      ...own.probabilities.map((column, at) => [column, confidence(at)] as const),
    ],
    predictions: (rows) => ({
      kind: 'multiclass',
      classes: own.names,
      labels: labels.subarray(0, rows),
      predicted: predicted.subarray(0, rows),
      confidences: confidences.subarray(0, rows),
    }),
  };
}

function labelReader(text: string, own: HeadColumns, room: number): Reader {
  const labels = own.names.map(() => empty(room));
  const probabilities = own.names.map(() => empty(room));
  const split: Sink = (row, from, to) => {
    let at = from;
    for (const numbers of labels) {
      const space = text.indexOf(' ', at);
      const end = space < 0 || space > to ? to : space;
      numbers[row] = cellNumber(text, at, end);
      at = Math.min(to, end + 1);
    }
  };
  return {
    columns: [
      [own.label, split],
      ...probabilities.map(
        (numbers, at) => [own.probabilities[at] ?? -1, into(text, numbers)] as const,
      ),
    ],
    predictions: (rows) => ({
      kind: 'multilabel',
      names: own.names,
      labels: labels.map((numbers) => numbers.subarray(0, rows)),
      probabilities: probabilities.map((numbers) => numbers.subarray(0, rows)),
    }),
  };
}
