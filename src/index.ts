/** @file What programs may import: run an experiment, parse a spec, load a trained model. */
import { catalog } from './catalog.ts';
import { type RunListener, type RunOptions, startExperiment } from './experiment.ts';
import { loadExperiment } from './load-experiment.ts';
import { readJournal, runPaths } from './record/index.ts';
import { readRun, resultsJson } from './report/index.ts';
import { parseSpec as parse, renderProblems, type SpecText } from './spec/index.ts';
import { mlflowRunIds } from './track/run-ids.ts';

export type { Row } from './data/index.ts';
export type { RunListener } from './experiment.ts';
export type { LocatedProblem, ParsedSpec, ResolvedSpec } from './spec/index.ts';
export type { TrainedModel } from './trained-model.ts';

/** Reads a spec's text: the resolved spec, or all its mistakes with their places. */
export const parseSpec = (input: Omit<SpecText, 'catalog'>) => parse({ ...input, catalog });

export interface ExperimentOptions extends Partial<RunOptions> {
  /** `training.epochs=5` */
  readonly overrides?: readonly string[];
  readonly listener?: Partial<RunListener>;
}

/**
 * Runs the experiment in a spec's file, or resumes it: what `results --json` prints. Throws with
 * all its mistakes where the spec is wrong, and with the reason where the run cannot start.
 */
export async function runExperiment(file: string, options: ExperimentOptions = {}) {
  const {
    overrides = [],
    listener = {},
    runs = 'runs',
    engine = 'auto',
    jobs,
    executor,
    data,
  } = options;
  const loaded = await loadExperiment({ file, overrides, env: process.env });
  if (!loaded.ok) throw new Error(renderProblems(loaded.problems));
  const silent: RunListener = { say: () => {}, begin: () => {}, added: () => {}, event: () => {} };
  const running = startExperiment(
    loaded.experiment,
    { runs, engine, jobs, executor, data },
    { ...silent, ...listener },
  );
  const outcome = await running.outcome;
  if (!outcome.ok) throw new Error(outcome.reason);
  const run = readRun(readJournal(runPaths(outcome.folder).journal));
  return resultsJson(run, mlflowRunIds(outcome.folder));
}

/** Loads a trained trial, `runs/<experiment>/trials/<number>`, with the best engine there is. */
export async function loadModel(folder: string) {
  const { engineEnvironment, loadEngine, prepareEngine } = await import('./engine/index.ts');
  const prepared = await prepareEngine('auto', () => {});
  if (!prepared.ok) throw new Error(prepared.reason);
  Object.assign(process.env, engineEnvironment(prepared.plan));
  const loaded = await loadEngine(prepared.plan);
  if (!loaded.ok) throw new Error(loaded.reason);
  const { loadTrainedModel } = await import('./trained-model.ts');
  return loadTrainedModel(folder);
}
