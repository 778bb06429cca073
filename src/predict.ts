/** @file `predict`: the best trial of a run, or another, on the rows of a file. */
import { resolve } from 'node:path';
import { DataError, openRows, writeTable } from './data/index.ts';
import { engineEnvironment, loadEngine, prepareEngine } from './engine/index.ts';
import { runPaths } from './record/index.ts';
import { bestTrial, type RunView } from './report/index.ts';

export interface PredictRequest {
  readonly folder: string;
  readonly view: RunView;
  readonly data: string;
  readonly out: string;
  readonly trial?: number;
  readonly report: (line: string) => void;
}

export type Predicted =
  | { readonly ok: true; readonly rows: number; readonly trial: number }
  | { readonly ok: false; readonly reason: string };

const writable = /\.(csv|tsv|json|jsonl|ndjson|parquet|pq)(\.gz|\.zst)?$/i;

export async function predictFile(request: PredictRequest): Promise<Predicted> {
  const { folder, view, data, out, report } = request;
  if (!writable.test(out)) {
    return {
      ok: false,
      reason: `${out}: expected a name that ends in .csv, .tsv, .jsonl or .parquet`,
    };
  }
  const trial = request.trial ?? bestTrial(view);
  const chosen = view.trials.find(({ number }) => number === trial);
  if (trial === undefined || chosen?.status !== 'finished') {
    const finished = view.trials.filter(({ status }) => status === 'finished');
    const numbers = finished.map(({ number }) => number).join(', ');
    return {
      ok: false,
      reason: `trial ${trial ?? ''} has not finished; finished: ${numbers || 'none'}`,
    };
  }
  const engine = await prepareEngine('auto', report);
  if (!engine.ok) return engine;
  Object.assign(process.env, engineEnvironment(engine.plan));
  const loaded = await loadEngine(engine.plan);
  if (!loaded.ok) return loaded;
  // Imported here and not above: reading results needs no TensorFlow.
  const { loadTrainedModel, savedPreprocessing } = await import('./trained-model.ts');
  const trialFolder = runPaths(folder).trial(trial, '');
  const model = await loadTrainedModel(trialFolder);
  try {
    const { preprocessing } = savedPreprocessing(trialFolder);
    using table = await openRows(preprocessing, [resolve(data)], process.cwd(), out);
    await writeTable(table, await model.predictColumns(table), out);
    return { ok: true, rows: table.rows, trial };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const reasons = error.problems.map(({ expected, came, hint }) =>
      [`expected ${expected}, got ${came}`, hint].filter(Boolean).join('. '),
    );
    return { ok: false, reason: `${data}: ${reasons.join('; ')}` };
  } finally {
    model.dispose();
  }
}
