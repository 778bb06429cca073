/** @file Rows of a table, some or all of them, as pieces of the splits. */
import type { DataRequest, FittedData } from './fit.ts';
import { encoderOf } from './preprocessing.ts';
import type { InputArray, Split, SplitName } from './signature.ts';
import { splitNames } from './splits/assign.ts';
import type { ColumnSource } from './table/column-source.ts';
import { encodeLabels } from './targets/encode-labels.ts';
import { readLabels, targetSpecOf } from './targets/labels.ts';

export type Pieces = Readonly<Partial<Record<SplitName, Split>>>;

/** Encodes the rows of a source, which follow those of the call before. */
export type RowEncoder = (source: ColumnSource) => Promise<Pieces>;

/** Rows of some split in a window of the table. */
interface Part {
  readonly name: SplitName;
  readonly rowNumbers: Int32Array;
  /** The same, counted from the first row of the window. */
  readonly inWindow: Int32Array;
}

/** Splits list their rows in the order of the table: windows in that order give them in theirs. */
export function rowEncoder({ heads }: Pick<DataRequest, 'heads'>, fitted: FittedData): RowEncoder {
  const encode = encoderOf(fitted.preprocessing);
  let first = 0;
  return async (source) => {
    const parts = partsOf(fitted, first, first + source.rows);
    first += source.rows;
    const { position, places } = placesOf(parts, source.rows);
    const inputs = await encode(source, position, places);
    const labels = await labelsOf({ heads }, fitted, parts, source);
    const pieces: Partial<Record<SplitName, Split>> = {};
    let start = 0;
    for (const [index, { name, rowNumbers }] of parts.entries()) {
      const { length } = rowNumbers;
      pieces[name] = {
        rows: length,
        rowNumbers,
        inputs: slices(inputs, start, start + length),
        labels: labels[index] ?? {},
        weights: fitted.weights && weightsOf(fitted.weights, rowNumbers),
      };
      start += length;
    }
    return pieces;
  };
}

function partsOf({ rows }: FittedData, first: number, end: number): readonly Part[] {
  return splitNames.flatMap((name) => {
    const all = rows[name];
    if (!all) return [];
    const rowNumbers = all.subarray(placeOf(first, all), placeOf(end, all));
    const inWindow = first === 0 ? rowNumbers : rowNumbers.map((row) => row - first);
    return rowNumbers.length > 0 ? [{ name, rowNumbers, inWindow }] : [];
  });
}

/** Where `row` stands, or would stand, in an ascending list. */
function placeOf(row: number, rows: Int32Array): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] as number) < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** All parts lie in one array, one after the other. */
function placesOf(parts: readonly Part[], rows: number) {
  const position = new Int32Array(rows).fill(-1);
  let places = 0;
  for (const { inWindow } of parts) for (const row of inWindow) position[row] = places++;
  return { position, places };
}

async function labelsOf(
  { heads }: Pick<DataRequest, 'heads'>,
  { targets }: FittedData,
  parts: readonly Part[],
  source: ColumnSource,
): Promise<readonly Split['labels'][]> {
  const labels = parts.map((): Record<string, Split['labels'][string]> => ({}));
  for (const [name, head] of Object.entries(heads)) {
    const read = await readLabels(targetSpecOf(head), source);
    const target = targets[name];
    if (!target) throw new Error(`internal: head "${name}" was not fitted`);
    for (const [index, { inWindow }] of parts.entries())
      (labels[index] ?? {})[name] = encodeLabels(read, target, inWindow);
  }
  return labels;
}

const weightsOf = (weights: Float32Array, rows: Int32Array): Float32Array => {
  const own = new Float32Array(rows.length);
  for (let place = 0; place < own.length; place++)
    own[place] = weights[rows[place] as number] as number;
  return own;
};

function slices(inputs: Readonly<Record<string, InputArray>>, start: number, end: number) {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { values, columns }]) => [
      name,
      { values: values.subarray(start * columns, end * columns), columns },
    ]),
  );
}
