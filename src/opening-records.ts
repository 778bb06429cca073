/** @file What an execution writes before its first trial: records, the spec as written and resolved. */
import { basename } from 'node:path';
import { summarizePrepared } from './data/index.ts';
import type { EnginePlan } from './engine/index.ts';
import { environmentFacts } from './environment.ts';
import { dataKey, type ExperimentPlan } from './experiment-plan.ts';
import type { LoadedExperiment } from './load-experiment.ts';
import { headRecords, objectiveOf, questionOf } from './objective.ts';
import type { PlannedTrial } from './plan/index.ts';
import { type JournalRecord, type RunState, runPaths, writeWhole } from './record/index.ts';
import { renderResolved, withoutCredentials, withReferences } from './spec/index.ts';

export interface NumberedTrial {
  readonly number: number;
  readonly trial: PlannedTrial;
}

interface Opening {
  readonly experiment: LoadedExperiment;
  readonly engine: EnginePlan;
  readonly plan: ExperimentPlan;
}

type Untimed<Union> = Union extends unknown ? Omit<Union, 'time'> : never;

/** The execution itself, the data and the trials that are new, what the user was told. */
export function openingRecords(
  { experiment, engine, plan }: Opening,
  before: RunState,
  numbered: readonly NumberedTrial[],
): readonly Untimed<JournalRecord>[] {
  const addedTrials = numbered.filter(({ trial }) => !before.numbers.has(trial.id));
  const addedData = plan.data.filter(({ directory }) => !before.data.has(dataKey(directory)));
  return [
    executionRecord(experiment, engine, before.nextExecution, numbered),
    ...addedData.map(({ directory, fingerprint, source }) => ({
      type: 'data' as const,
      key: dataKey(directory),
      fingerprint,
      source: source.map(withoutCredentials),
      ...summarizePrepared(directory),
    })),
    ...addedTrials.map(({ number, trial }) => trialRecord(number, trial, plan)),
    ...(engine.note ? [{ type: 'note' as const, text: engine.note }] : []),
  ];
}

function trialRecord(number: number, trial: PlannedTrial, { dataOf }: ExperimentPlan) {
  const { id, choice, tasks, control, parameters, replicate, spec } = trial;
  const data = dataKey(dataOf(trial));
  const type = 'trial' as const;
  return { type, number, id, choice, tasks, control, parameters, replicate, seed: spec.seed, data };
}

/** Known trials keep their numbers; new ones count on. */
export function numberTrials(
  trials: readonly PlannedTrial[],
  { numbers, nextNumber }: Pick<RunState, 'numbers' | 'nextNumber'>,
): readonly NumberedTrial[] {
  let next = nextNumber;
  return trials.map((trial) => ({ number: numbers.get(trial.id) ?? next++, trial }));
}

function executionRecord(
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
