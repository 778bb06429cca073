/** @file A trained trial, loaded to predict: its model, its preprocessing, its targets. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { parse } from 'yaml';
import { type Program, prepareProgram, type Tensors } from './compile/index.ts';
import { type EncodedRows, encodeRows, type Row, type Table } from './data/index.ts';
import { type PredictionColumn, predictionColumns } from './execute/predictions.ts';
import { type SavedPreprocessing, trialFiles } from './execute/trial-files.ts';
import { modelFromFiles, movingAverages, trainableWeights, withWeights } from './model/index.ts';

export interface TrainedModel {
  /** One object a row: `<head>`, and `<head>_probability…` for classes. */
  predict(rows: readonly Row[]): Promise<readonly Readonly<Record<string, number | string>>[]>;
  /** The same as columns. */
  predictColumns(rows: readonly Row[]): Promise<readonly PredictionColumn[]>;
  /** The same of an open table by windows, in its order. One takes `bytes`, but holds a batch at least. */
  predictWindows(table: Table, bytes: number): AsyncGenerator<readonly PredictionColumn[]>;
  dispose(): void;
}

/** Rows that are computed at once. */
const batchRows = 4096;

/**
 * Loads the model in a trial's folder (`runs/<experiment>/trials/<number>`) into tfjs's current
 * backend. Throws where there is none.
 */
export async function loadTrainedModel(folder: string): Promise<TrainedModel> {
  const read = (name: string) => readFileSync(join(folder, name));
  if (!existsSync(join(folder, trialFiles.model))) {
    throw new Error(`${folder} holds no model: the trial has not finished`);
  }
  const saved = savedPreprocessing(folder);
  const model = await modelFromFiles({
    'model.json': read(trialFiles.model),
    'weights.bin': read(trialFiles.weights),
  });
  const columnsOf = (outputs: Outputs) =>
    Object.entries(saved.heads).flatMap(([name, { type, target }], index) =>
      predictionColumns(name, type, outputs[index] ?? new Float32Array(), target),
    );
  async function* predictWindows(rows: Table | readonly Row[], bytes: number) {
    const windows = encodeRows(saved.preprocessing, rows, windowRows(model, bytes));
    const all = 'rows' in rows ? rows.rows : rows.length;
    for await (const outputs of runModel(model, windows, all)) yield columnsOf(outputs);
  }
  const predictColumns = async (rows: readonly Row[]) => {
    for await (const columns of predictWindows(rows, 0)) return columns;
    throw new Error('internal: no window');
  };
  return {
    predictWindows,
    predictColumns,
    async predict(rows) {
      const columns = await predictColumns(rows);
      return rows.map((_, row) =>
        Object.fromEntries(columns.map(({ name, values }) => [name, values[row] ?? Number.NaN])),
      );
    },
    dispose: () => {
      model.dispose();
    },
  };
}

/** How the rows of that trial were encoded. */
export function savedPreprocessing(folder: string): SavedPreprocessing {
  return JSON.parse(readFileSync(join(folder, trialFiles.preprocessing), 'utf8'));
}

/** `data.memory` of the spec that the trial was trained from. */
export function savedMemory(folder: string): string | number | undefined {
  const file = join(folder, trialFiles.spec);
  return existsSync(file) ? parse(readFileSync(file, 'utf8')).data?.memory : undefined;
}

type Outputs = readonly Float32Array[];

/** Whole batches, so that windows of any size give the same numbers. */
const windowRows = (model: tf.LayersModel, bytes: number) => (encodedBytes: number) => {
  const columns = model.outputs.reduce((sum, { shape }) => sum + (shape.at(-1) ?? 1), 0);
  // Each output is a float, then a prediction and often a probability in JavaScript's arrays.
  const rowBytes = encodedBytes + (4 + 2 * 8) * columns;
  return batchRows * Math.max(1, Math.floor(bytes / rowBytes / batchRows));
};

/**
 * Outputs by head, in the model's order, of each window: [row, column]. `rows` are those of all windows:
 * more than a batch are worth a compiled program; the numbers then differ in their last bits.
 */
async function* runModel(
  model: tf.LayersModel,
  windows: AsyncIterable<EncodedRows>,
  rows: number,
): AsyncGenerator<Outputs> {
  if (rows <= batchRows) {
    for await (const encoded of windows)
      yield await collect(model, encoded, encoded.rows, eagerly(model));
    return;
  }
  const fixed = { ...trainableWeights(model), ...movingAverages(model) };
  let program: Program | undefined;
  try {
    for await (const encoded of windows) {
      program ??= await predictionProgram(model, encoded, fixed);
      const made = program;
      yield await collect(model, encoded, batchRows, (items) => {
        const { out } = made.run({ carry: {}, items, fixed, begin: 0, end: 1 });
        return model.outputNames.flatMap((name) => out[name] ?? []);
      });
    }
  } finally {
    program?.[Symbol.dispose]();
    tf.dispose(fixed);
  }
}

const eagerly =
  (model: tf.LayersModel) =>
  (items: Tensors): readonly tf.Tensor[] =>
    tf.tidy(() => applyModel(model, items, (tensor) => tensor.squeeze([0])));

/** `items`: by input name. */
function applyModel(
  model: tf.LayersModel,
  items: Tensors,
  row: (tensor: tf.Tensor) => tf.Tensor,
): tf.Tensor[] {
  const inputs = model.inputNames.flatMap((name) => (items[name] ? [row(items[name])] : []));
  return [model.apply(inputs, { training: false })].flat() as tf.Tensor[];
}

function predictionProgram(
  model: tf.LayersModel,
  encoded: EncodedRows,
  fixed: Tensors,
): Promise<Program> {
  const items = batchItems(model, encoded, 0, batchRows);
  const program = prepareProgram({
    body: (_, item, weights) => {
      const outputs = withWeights(model, weights, () => applyModel(model, item, (x) => x));
      const named = model.outputNames.map((name, index) => [name, outputs[index]]);
      return { carry: {}, out: Object.fromEntries(named) };
    },
    carry: {},
    items,
    fixed,
    engine: null,
  });
  return program.finally(() => tf.dispose(items));
}

/** [1, row, column]: the rows from `from` on, filled up to `size`. */
function batchItems(model: tf.LayersModel, { inputs }: EncodedRows, from: number, size: number) {
  const items = model.inputNames.map((name) => {
    const input = inputs[name];
    if (!input) throw new Error(`internal: no input "${name}"`);
    const { values, columns } = input;
    const part = values.subarray(from * columns, (from + size) * columns);
    const isInteger = values instanceof Int32Array;
    const filled = isInteger ? new Int32Array(size * columns) : new Float32Array(size * columns);
    filled.set(part);
    return [name, tf.tensor(filled, [1, size, columns], isInteger ? 'int32' : 'float32')];
  });
  return Object.fromEntries(items) as Record<string, tf.Tensor>;
}

async function collect(
  model: tf.LayersModel,
  encoded: EncodedRows,
  size: number,
  run: (items: Tensors) => readonly tf.Tensor[],
): Promise<Float32Array[]> {
  const results = model.outputs.map(
    ({ shape }) => new Float32Array(encoded.rows * (shape.at(-1) ?? 1)),
  );
  for (let from = 0; from < encoded.rows; from += size) {
    const items = batchItems(model, encoded, from, size);
    const outputs = run(items);
    for (const [index, output] of outputs.entries()) {
      const columns = output.shape.at(-1) ?? 1;
      const rows = Math.min(size, encoded.rows - from);
      results[index]?.set((await output.data()).subarray(0, rows * columns), from * columns);
    }
    tf.dispose([items, [...outputs]]);
  }
  return results;
}
