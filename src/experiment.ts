/** @file Runs an experiment: prepares its data, plans its trials, trains what is not done yet. */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { type EnginePlan, type EngineRequest, prepareEngine } from './engine/index.ts';
import { createLocalExecutor } from './execute/local-executor.ts';
import type { Executor, TrialEvent } from './execute/trial-event.ts';
import { type ExperimentPlan, planExperiment } from './experiment-plan.ts';
import { defaultJobs } from './jobs.ts';
import type { LoadedExperiment } from './load-experiment.ts';
import {
  type NumberedTrial,
  numberTrials,
  openingRecords,
  writeExecutionFiles,
} from './opening-records.ts';
import { choicesOf, type PlannedTrial, samplers } from './plan/index.ts';
import {
  createRecorder,
  createSystemMonitor,
  lockRun,
  openJournal,
  readCheckpoint,
  runPaths,
  runState,
} from './record/index.ts';
import { type LiveTracking, startTracking, trackingTarget } from './track/index.ts';
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
    using workers = openWorkers(experiment, options, folder, engine.plan);
    using tracking = openTracking(experiment, folder, listener.say);
    const plan = await planExperiment(experiment, folder, engine.plan);
    const outcome = await execute({
      experiment,
      options,
      listener,
      folder,
      engine: engine.plan,
      workers,
      plan,
      interrupted,
    });
    await tracking?.finish(interrupted);
    return outcome;
  } finally {
    lock.release();
  }
}

/** Sends the run to MLflow while it is trained, where a server is named. */
function openTracking(
  { spec }: LoadedExperiment,
  folder: string,
  say: (line: string) => void,
): LiveTracking | null {
  const target = trackingTarget(spec.experiment, spec.tracking.mlflow ?? {}, process.env);
  if (target?.ok) return startTracking({ folder, target: target.target, say });
  if (target) say(`${target.reason}; the run goes on without`);
  return null;
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
  const numbered = numberTrials(plan.trials, before);
  const pending = numbered.filter(({ number }) => !before.finished.has(number));
  writeExecutionFiles(folder, before.nextExecution, experiment);
  for (const record of openingRecords(execution, before, numbered)) {
    journal.append({ ...record, time: new Date().toISOString() });
  }
  journal.flush();
  listener.begin(pending, Math.max(1, Math.min(workers.jobs, pending.length)));
  const record = createRecorder(folder, journal, () => new Date());
  using monitor = createSystemMonitor(folder, journal, () => new Date());
  const hasFailed = await trainAll(execution, pending, (event) => {
    monitor.event(event);
    record(event);
  });
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
