/** @file The files and the note that MLflow gets with a finished trial. */
import { existsSync, readFileSync } from 'node:fs';
import { trialFiles } from '../execute/trial-files.ts';
import { runPaths } from '../record/index.ts';
import { readRun } from '../report/index.ts';
import { predictionsTable, readPredictions, trialNote, trialPlots } from '../report/trial/index.ts';
import type { RunModel, TrackedTrial } from './run-model.ts';

/** The table's name: the UI compares tables of the same name across runs. */
export const predictionsFile = 'predictions.json';
const tableRows = 200;

export type Files = Readonly<Record<string, Uint8Array | string>>;

/** By path; what is missing in the trial's folder is left out. */
export function trialArtifacts(folder: string, model: RunModel, trial: TrackedTrial): Files {
  const { number } = trial.record;
  const { view, trial: shown } = viewOf(model, trial);
  const resolved = read(runPaths(folder).trial(number, trialFiles.spec));
  const written = model.execution
    ? read(runPaths(folder).execution(model.execution.execution, 'spec.yaml'))
    : null;
  const csv = read(runPaths(folder).trial(number, trialFiles.predictions));
  const predictions = csv ? readPredictions(csv, view.heads) : null;
  return {
    ...(written ? { 'spec.yaml': written } : {}),
    ...(resolved ? { 'resolved.yaml': resolved } : {}),
    ...(shown ? trialPlots({ trial: shown, heads: view.heads, predictions }) : {}),
    ...(predictions
      ? { [predictionsFile]: predictionsTable(predictions, { rows: tableRows }) }
      : {}),
  };
}

/** Its note in Markdown; of a finished one also what makes the UI offer its predictions for comparison. */
export function shownTags(model: RunModel, trial: TrackedTrial): Readonly<Record<string, string>> {
  const { view, trial: shown } = viewOf(model, trial);
  const tables = JSON.stringify([{ path: predictionsFile, type: 'table' }]);
  return {
    ...(shown ? { 'mlflow.note.content': trialNote(view, shown) } : {}),
    ...(trial.finish ? { 'mlflow.loggedArtifacts': tables } : {}),
  };
}

/** The trial alone, with what its execution says of heads and metrics. */
export function viewOf({ execution }: RunModel, { records }: TrackedTrial) {
  const view = readRun(execution ? [execution, ...records] : records, { execution: 'all' });
  return { view, trial: view.trials[0] };
}

const read = (path: string): Uint8Array | null => (existsSync(path) ? readFileSync(path) : null);
