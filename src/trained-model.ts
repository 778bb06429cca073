/** @file A trained trial, loaded to predict: its model, its preprocessing, its targets. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { applyPreprocessing, type Row, type Table } from './data/index.ts';
import { type PredictionColumn, predictionColumns } from './execute/predictions.ts';
import { type SavedPreprocessing, trialFiles } from './execute/trial-files.ts';
import { modelFromFiles } from './model/index.ts';

export interface TrainedModel {
  /** One object a row: `<head>`, and `<head>_probability…` for classes. */
  predict(rows: readonly Row[]): Promise<readonly Readonly<Record<string, number | string>>[]>;
  /** The same as columns, also for an open table. */
  predictColumns(rows: Table | readonly Row[]): Promise<readonly PredictionColumn[]>;
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
  const predictColumns = async (rows: Table | readonly Row[]) => {
    const encoded = await applyPreprocessing(saved.preprocessing, rows);
    const outputs = await runModel(model, encoded);
    return Object.entries(saved.heads).flatMap(([name, { type, target }], index) =>
      predictionColumns(name, type, outputs[index] ?? new Float32Array(), target),
    );
  };
  return {
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

type Encoded = Awaited<ReturnType<typeof applyPreprocessing>>;

/** Outputs by head, in the model's order: [row, column]. */
async function runModel(model: tf.LayersModel, { rows, inputs }: Encoded): Promise<Float32Array[]> {
  const pieces: Float32Array[][] = model.outputs.map(() => []);
  for (let from = 0; from < rows; from += batchRows) {
    const count = Math.min(batchRows, rows - from);
    const batch = model.inputNames.map((name) => {
      const input = inputs[name];
      if (!input) throw new Error(`internal: no input "${name}"`);
      const { values, columns } = input;
      const part = values.slice(from * columns, (from + count) * columns);
      return tf.tensor2d(part, [count, columns], part instanceof Int32Array ? 'int32' : 'float32');
    });
    const outputs = [model.predict(batch)].flat();
    for (const [index, output] of outputs.entries()) {
      pieces[index]?.push(Float32Array.from(await output.data()));
    }
    tf.dispose([batch, outputs]);
  }
  return pieces.map((parts) => Float32Array.from(parts.flatMap((part) => [...part])));
}
