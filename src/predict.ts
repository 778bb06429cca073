/** @file `predict`: the best trial of a run, or another, on the rows of a file. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DataError, openRows, sharesOf, writeTable } from './data/index.ts';
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
  const { folder, view, out, report } = request;
  const trouble = outTrouble(out);
  if (trouble) return { ok: false, reason: `${out}: ${trouble}` };
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
  const result = await predictInto(runPaths(folder).trial(trial, ''), request);
  return result.ok ? { ...result, trial } : result;
}

function outTrouble(out: string): string | undefined {
  if (!writable.test(out)) return 'expected a name that ends in .csv, .tsv, .jsonl or .parquet';
  const folder = dirname(resolve(out));
  return existsSync(folder) ? undefined : `there is no folder ${folder}`;
}

/** By windows of the table: it may be of any size. */
async function predictInto(trialFolder: string, { data, out }: PredictRequest) {
  // Imported here and not above: reading results needs no TensorFlow.
  const { loadTrainedModel, savedMemory, savedPreprocessing } = await import('./trained-model.ts');
  const model = await loadTrainedModel(trialFolder);
  try {
    const { preprocessing } = savedPreprocessing(trialFolder);
    const memory = savedMemory(trialFolder);
    const options = { writable: out, memory };
    using table = await openRows(preprocessing, [resolve(data)], process.cwd(), options);
    await writeTable(table, model.predictWindows(table, sharesOf(memory).window), out);
    return { ok: true, rows: table.rows } as const;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const reasons = error.problems.map(({ expected, came, hint }) =>
      [`expected ${expected}, got ${came}`, hint].filter(Boolean).join('. '),
    );
    return { ok: false, reason: `${data}: ${reasons.join('; ')}` } as const;
  } finally {
    model.dispose();
  }
}
