/** @file What an execution writes before its first trial: records, the spec as written and resolved. */
import { basename } from 'node:path';
import { summarizePrepared } from './data/index.ts';
import type { EnginePlan } from './engine/index.ts';
import { environmentFacts } from './environment.ts';
import { dataKey, type Planner } from './experiment-plan.ts';
import type { LoadedExperiment } from './load-experiment.ts';
import { headRecords, objectiveOf, questionOf } from './objective.ts';
import type { PlannedTrial } from './plan/index.ts';
import { type NewRecord, type RunState, runPaths, writeWhole } from './record/index.ts';
import { renderResolved, withoutCredentials, withReferences } from './spec/index.ts';

export interface NumberedTrial {
  readonly number: number;
  readonly trial: PlannedTrial;
}

/** Data and trials of this run that have a record. */
export interface KnownRecords {
  readonly data: Set<string>;
  readonly numbers: Map<string, number>;
  next: number;
}

export const knownRecords = ({ data, numbers, nextNumber }: RunState): KnownRecords => ({
  data: new Set(data),
  numbers: new Map(numbers),
  next: nextNumber,
});

/** Known trials keep their numbers; new ones count on. Recorded by `newRecords`. */
export function numberOf(known: KnownRecords, { id }: Pick<PlannedTrial, 'id'>): number {
  return known.numbers.get(id) ?? known.next++;
}

/** Of the data and the trials that have none yet. */
export function newRecords(
  known: KnownRecords,
  numbered: readonly NumberedTrial[],
  planner: Planner,
): readonly NewRecord[] {
  const addedData = planner.data().filter(({ directory }) => !known.data.has(dataKey(directory)));
  const addedTrials = numbered.filter(({ trial }) => !known.numbers.has(trial.id));
  for (const { directory } of addedData) known.data.add(dataKey(directory));
  for (const { number, trial } of addedTrials) known.numbers.set(trial.id, number);
  return [
    ...addedData.map(({ directory, fingerprint, source }) => ({
      type: 'data' as const,
      key: dataKey(directory),
      fingerprint,
      source: source.map(withoutCredentials),
      ...summarizePrepared(directory),
    })),
    ...addedTrials.map(({ number, trial }) => trialRecord(number, trial, planner)),
  ];
}

function trialRecord(number: number, trial: PlannedTrial, { dataOf }: Planner) {
  const { id, choice, tasks, control, parameters, replicate, spec } = trial;
  const data = dataKey(dataOf(trial));
  const type = 'trial' as const;
  return { type, number, id, choice, tasks, control, parameters, replicate, seed: spec.seed, data };
}

/** What an execution begins with. */
export function executionRecord(
  { spec, text, parsed, file, directory }: LoadedExperiment,
  engine: EnginePlan,
  execution: number,
  numbered: readonly NumberedTrial[],
) {
  const { mlflow } = withReferences(spec, parsed).tracking;
  return {
    type: 'execution' as const,
    format: 1 as const,
    execution,
    experiment: spec.experiment,
    question: questionOf(text),
    objective: objectiveOf(spec),
    heads: headRecords(spec),
    trials: numbered.map(({ number }) => number),
    engine: engine.family,
    environment: environmentFacts(directory),
    file: basename(file),
    ...(mlflow ? { tracking: mlflow } : {}),
  };
}

/** The spec as written and as resolved, with references in place of values from the environment. */
export function writeExecutionFiles(
  folder: string,
  execution: number,
  experiment: LoadedExperiment,
): void {
  const { execution: path } = runPaths(folder);
  const { spec, parsed } = experiment;
  writeWhole(path(execution, 'spec.yaml'), withoutCredentials(experiment.text));
  const recorded = withReferences(spec, parsed);
  writeWhole(
    path(execution, 'resolved.yaml'),
    renderResolved(recorded, parsed.originOf, experiment.file),
  );
}
