/** @file The predictions of a trial, read from its `predictions.csv`. */

/** One head's labels and predictions, row by row. */
export type HeadPredictions =
  | {
      readonly kind: 'regression';
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
  readonly rowNumbers: Int32Array;
  readonly heads: Readonly<Record<string, HeadPredictions>>;
}

type Heads = Readonly<Record<string, { readonly type: string }>>;

/** `heads`: those of the experiment; a control's file has one of them. */
export function readPredictions(csv: Uint8Array, heads: Heads): Predictions {
  const { names, columns } = columnsOf(csv);
  const column = (name: string): readonly string[] | undefined => columns[names.indexOf(name)];
  const numbers = (name: string) => Float64Array.from(column(name) ?? [], numberOf);
  const found = Object.entries(heads).flatMap(([head, { type }]) => {
    const labels = column(`${head}_label`);
    return labels ? [[head, headOf(head, type, labels, names, numbers, column)] as const] : [];
  });
  const rowNumbers = Int32Array.from(columns[0] ?? [], Number);
  return { rows: rowNumbers.length, rowNumbers, heads: Object.fromEntries(found) };
}

const numberOf = (cell: string): number => (cell === '' ? Number.NaN : Number(cell));

function headOf(
  head: string,
  type: string,
  labels: readonly string[],
  names: readonly string[],
  numbers: (name: string) => Float64Array,
  column: (name: string) => readonly string[] | undefined,
): HeadPredictions {
  const own = Float64Array.from(labels, numberOf);
  if (type === 'regression') return { kind: 'regression', labels: own, values: numbers(head) };
  if (type === 'binary')
    return { kind: 'binary', labels: own, probabilities: numbers(`${head}_probability`) };
  const prefix = `${head}_probability_`;
  const classes = names
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
  const probabilities = classes.map((name) => numbers(prefix + name));
  if (type === 'multilabel') {
    const split = labels.map((cell) => cell.split(' '));
    const byName = classes.map((_, index) =>
      Float64Array.from(split, (cells) => numberOf(cells[index] ?? '')),
    );
    return { kind: 'multilabel', names: classes, labels: byName, probabilities };
  }
  const index = new Map(classes.map((name, at) => [name, at]));
  const predicted = Int32Array.from(column(head) ?? [], (name) => index.get(name) ?? -1);
  return {
    kind: 'multiclass',
    classes,
    labels: Int32Array.from(labels, (name) => index.get(name) ?? -1),
    predicted,
    confidences: Float64Array.from(predicted, (at, row) => probabilities[at]?.[row] ?? Number.NaN),
  };
}

/** Of a file that `predictionsCsv` wrote: quotes only where a text needs them. */
function columnsOf(csv: Uint8Array): { names: readonly string[]; columns: readonly string[][] } {
  const lines = Buffer.from(csv.buffer, csv.byteOffset, csv.byteLength)
    .toString('utf8')
    .split('\n');
  const names = cellsOf(lines[0] ?? '');
  const columns: string[][] = names.map(() => []);
  let open = '';
  for (let at = 1; at < lines.length; at++) {
    const line = open + (lines[at] ?? '');
    // A quoted text may hold a line break: an odd number of quotes is half a row.
    if (line.includes('"') && line.split('"').length % 2 === 0) {
      open = `${line}\n`;
      continue;
    }
    open = '';
    if (line === '') continue;
    const cells = cellsOf(line);
    for (let index = 0; index < columns.length; index++) columns[index]?.push(cells[index] ?? '');
  }
  return { names, columns };
}

function cellsOf(line: string): readonly string[] {
  if (!line.includes('"')) return line.split(',');
  const cells: string[] = [];
  const pattern = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/gy;
  for (const [, quoted, plain] of line.matchAll(pattern))
    cells.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
  return cells;
}
