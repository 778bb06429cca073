/** @file Runs an experiment: prepares its data, plans its trials, trains what is not done yet. */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { prepareData } from './data/index.ts';
import { type EnginePlan, type EngineRequest, prepareEngine } from './engine/index.ts';
import { environmentFacts } from './environment.ts';
import { createLocalExecutor } from './execute/local-executor.ts';
import type { Executor, TrialEvent } from './execute/trial-event.ts';
import { defaultJobs } from './jobs.ts';
import type { LoadedExperiment } from './load-experiment.ts';
import { headRecords, objectiveOf, questionOf } from './objective.ts';
import { canonical, choicesOf, type PlannedTrial, planTrials, samplers } from './plan/index.ts';
import {
  createRecorder,
  type JournalRecord,
  lockRun,
  openJournal,
  type RunState,
  readCheckpoint,
  runPaths,
  runState,
  writeWhole,
} from './record/index.ts';
import { renderResolved, withoutCredentials, withReferences } from './spec/index.ts';
import type { ResolvedSpec } from './spec/schema/experiment.ts';
import { trialNeeds } from './trial-needs.ts';

export interface RunOptions {
  /** Folder of all runs. */
  readonly runs: string;
  readonly engine: EngineRequest;
  /** Workers at once; default: the spec's, else one a core. */
  readonly jobs?: number;
}

/** What the caller is told while a run goes on. */
export interface RunListener {
  /** A line for the user. */
  say(line: string): void;
  /** The trials that will be trained now, before the first event. */
  begin(numbered: readonly NumberedTrial[], jobs: number): void;
  event(event: TrialEvent): void;
}

export interface NumberedTrial {
  readonly number: number;
  readonly trial: PlannedTrial;
}

export type RunOutcome =
  | {
      readonly ok: true;
      readonly status: 'finished' | 'failed' | 'interrupted';
      readonly folder: string;
    }
  | { readonly ok: false; readonly reason: string };

/** A running experiment: wait for `outcome`; `interrupt` lets running trials write a checkpoint. */
export interface RunningExperiment {
  readonly outcome: Promise<RunOutcome>;
  interrupt(): void;
}

export function startExperiment(
  experiment: LoadedExperiment,
  options: RunOptions,
  listener: RunListener,
): RunningExperiment {
  const interruption = new AbortController();
  const outcome = runLocked(experiment, options, listener, interruption.signal);
  return { outcome, interrupt: () => interruption.abort() };
}

async function runLocked(
  experiment: LoadedExperiment,
  options: RunOptions,
  listener: RunListener,
  interrupted: AbortSignal,
): Promise<RunOutcome> {
  const folder = join(options.runs, experiment.spec.experiment);
  const lock = lockRun(folder);
  if (!lock.ok) {
    const reason = `${folder} is in use by process ${lock.holder}: wait for it, or give this experiment another name`;
    return { ok: false, reason };
  }
  try {
    const engine = await prepareEngine(options.engine, listener.say);
    if (!engine.ok) return engine;
    if (engine.plan.note) listener.say(engine.plan.note);
    if (experiment.spec.tracking.mlflow?.uri) listener.say(mlflowNote);
    using workers = openWorkers(experiment, options, folder, engine.plan);
    const plan = await planExperiment(experiment, folder, engine.plan);
    return await execute({
      experiment,
      options,
      listener,
      folder,
      engine: engine.plan,
      workers,
      plan,
      interrupted,
    });
  } finally {
    lock.release();
  }
}

interface Workers {
  readonly executor: Executor;
  readonly jobs: number;
  [Symbol.dispose](): void;
}

/** They load TensorFlow while the data are prepared. */
function openWorkers(
  experiment: LoadedExperiment,
  options: RunOptions,
  folder: string,
  engine: EnginePlan,
): Workers {
  const { spec } = experiment;
  const jobs = options.jobs ?? spec.execution.jobs ?? defaultJobs();
  const log = openSync(runPaths(folder).workerLog, 'a');
  const executor = createLocalExecutor({ jobs, engine, log });
  executor.warmUp(mostTrials(experiment));
  return {
    executor,
    jobs,
    [Symbol.dispose]() {
      void executor.close();
      closeSync(log);
    },
  };
}

/** Of the sweep, before its data are known: equal ones are counted apart. */
function mostTrials({ spec, withValues }: LoadedExperiment): number {
  const controls = spec.baselines === 'singleTask' ? Object.keys(spec.heads).length : 0;
  return choicesOf({ spec, samplers, withValues }).length * spec.sweep.replicates * (1 + controls);
}

const mlflowNote =
  'MLflow: this version keeps the journal only; what it holds can be sent to the server later';

export interface ExperimentPlan {
  readonly trials: readonly PlannedTrial[];
  /** The folder of a trial's prepared splits. */
  readonly dataOf: (trial: PlannedTrial) => string;
}

/** Prepares the data of every choice (equal ones once) and unfolds the trials. */
export async function planExperiment(
  experiment: LoadedExperiment,
  folder: string,
  engine: Pick<EnginePlan, 'family'>,
): Promise<ExperimentPlan> {
  const { spec, withValues } = experiment;
  const prepared = new Map<string, Awaited<ReturnType<typeof prepareData>>>();
  for (const choice of choicesOf({ spec, samplers, withValues })) {
    const key = dataKey(choice.spec);
    if (prepared.has(key)) continue;
    prepared.set(key, await prepareData(choice.spec, experiment.directory, join(folder, 'data')));
  }
  const fingerprints = new Map(
    [...prepared].map(([key, { fingerprint }]) => [JSON.parse(key).data, fingerprint]),
  );
  const trials = planTrials({
    spec,
    samplers,
    withValues,
    engineFamily: engine.family,
    fingerprint: (data) => fingerprints.get(canonical(data)) ?? missing('fingerprint'),
  });
  return {
    trials,
    dataOf: ({ choiceSpec }) => prepared.get(dataKey(choiceSpec))?.directory ?? missing('data'),
  };
}

/** Choices with an equal key read the same prepared data. */
const dataKey = ({ data, heads, seed }: ResolvedSpec) =>
  JSON.stringify({ data: canonical(data), heads: canonical(heads), seed });

function missing(what: string): never {
  throw new Error(`internal: a choice without its ${what}`);
}

interface Execution {
  readonly experiment: LoadedExperiment;
  readonly options: RunOptions;
  readonly listener: RunListener;
  readonly folder: string;
  readonly engine: EnginePlan;
  readonly workers: Workers;
  readonly plan: ExperimentPlan;
  readonly interrupted: AbortSignal;
}

async function execute(execution: Execution): Promise<RunOutcome> {
  const { experiment, listener, folder, plan, interrupted, workers } = execution;
  const paths = runPaths(folder);
  using journal = openJournal(paths.journal);
  const before = runState(journal.records);
  const numbered = numberTrials(plan.trials, before.numbers, before.nextNumber);
  const pending = numbered.filter(({ number }) => !before.finished.has(number));
  writeExecutionFiles(folder, before.nextExecution, experiment);
  for (const record of openingRecords(execution, before, numbered)) {
    journal.append({ ...record, time: new Date().toISOString() });
  }
  journal.flush();
  listener.begin(pending, Math.max(1, Math.min(workers.jobs, pending.length)));
  const record = createRecorder(folder, journal, () => new Date());
  const hasFailed = await trainAll(execution, pending, record);
  const status = interrupted.aborted ? 'interrupted' : hasFailed ? 'failed' : 'finished';
  const time = new Date().toISOString();
  journal.append({ type: 'end', time, execution: before.nextExecution, status });
  return { ok: true, status, folder };
}

/** What a worker is told of a trial. */
export const jobTrial = ({ id, tasks, replicate, spec, choiceSpec }: PlannedTrial) => ({
  id,
  tasks,
  replicate,
  spec,
  heads: choiceSpec.heads,
});

/** Returns whether a trial failed. */
async function trainAll(
  { listener, folder, engine, plan, interrupted, workers }: Execution,
  pending: readonly NumberedTrial[],
  record: (event: TrialEvent) => void,
): Promise<boolean> {
  const { executor } = workers;
  const needsOf = trialNeeds(plan);
  const interrupt = () => executor.stopAll('interrupt');
  interrupted.addEventListener('abort', interrupt);
  if (interrupted.aborted) interrupt();
  let hasFailed = false;
  const train = ({ number, trial }: NumberedTrial) => {
    const data = plan.dataOf(trial);
    const checkpoint = readCheckpoint(folder, number);
    return executor.run(
      {
        number,
        trial: jobTrial(trial),
        data,
        checkpoint,
        ...needsOf(trial),
        engine: engine.programs,
      },
      (event) => {
        record(event);
        hasFailed ||= event.type === 'failed';
        listener.event(event);
      },
    );
  };
  try {
    await Promise.all(pending.map(train));
  } finally {
    await executor.close();
    interrupted.removeEventListener('abort', interrupt);
  }
  return hasFailed;
}

/** What an execution begins with: itself, the trials that are new, what the user was told. */
function openingRecords(
  execution: Execution,
  before: RunState,
  numbered: readonly NumberedTrial[],
): readonly DistributiveOmit<JournalRecord, 'time'>[] {
  const added = numbered.filter(({ trial }) => !before.numbers.has(trial.id));
  const { note } = execution.engine;
  return [
    executionRecord(execution, before.nextExecution, numbered),
    ...added.map(({ number, trial }) => {
      const { id, choice, tasks, control, parameters, replicate, spec } = trial;
      const type = 'trial' as const;
      return { type, number, id, choice, tasks, control, parameters, replicate, seed: spec.seed };
    }),
    ...(note ? [{ type: 'note' as const, text: note }] : []),
  ];
}

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown
  ? Omit<Union, Key>
  : never;

/** Known trials keep their numbers; new ones count on. */
function numberTrials(
  trials: readonly PlannedTrial[],
  numbers: ReadonlyMap<string, number>,
  nextNumber: number,
): readonly NumberedTrial[] {
  let next = nextNumber;
  return trials.map((trial) => ({ number: numbers.get(trial.id) ?? next++, trial }));
}

function executionRecord(
  { experiment, engine }: Execution,
  execution: number,
  numbered: readonly NumberedTrial[],
) {
  const { spec } = experiment;
  return {
    type: 'execution' as const,
    format: 1 as const,
    execution,
    experiment: spec.experiment,
    question: questionOf(experiment.text),
    objective: objectiveOf(spec),
    heads: headRecords(spec),
    trials: numbered.map(({ number }) => number),
    engine: engine.family,
    environment: environmentFacts(experiment.directory),
  };
}

/** The spec as written and as resolved, with references in place of values from the environment. */
function writeExecutionFiles(
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
