/** @file Runs an experiment: prepares its data, plans its trials, trains what is not done yet. */
import { join } from 'node:path';
import { type EnginePlan, type EngineRequest, prepareEngine } from './engine/index.ts';
import type { TrialEvent } from './execute/trial-event.ts';
import { findExecutor, type PlaceOptions } from './executor-place.ts';
import { createPlanner, type Planner } from './experiment-plan.ts';
import type { LoadedExperiment } from './load-experiment.ts';
import { openWorkers, type Workers } from './open-workers.ts';
import {
  executionRecord,
  type KnownRecords,
  knownRecords,
  type NumberedTrial,
  newRecords,
  numberOf,
  writeExecutionFiles,
} from './opening-records.ts';
import type { PlannedTrial } from './plan/index.ts';
import {
  createRecorder,
  createSystemMonitor,
  dropForeignCheckpoints,
  type Journal,
  lockRun,
  type NewRecord,
  openJournal,
  type RunState,
  readCheckpoint,
  runPaths,
  runState,
} from './record/index.ts';
import { leftOutOf } from './sweep/left-out.ts';
import { applyRecord, mostTrials, openSweep, type Sweep } from './sweep/sweep.ts';
import { hasEnded } from './sweep/sweep-state.ts';
import { timeLimit } from './sweep/time-limit.ts';
import { type SweepEnd, trainSweep } from './sweep/train-sweep.ts';
import { type LiveTracking, startTracking, trackingTarget } from './track/index.ts';
import { trialNeeds } from './trial-needs.ts';

export interface RunOptions extends PlaceOptions {
  /** Folder of all runs. */
  readonly runs: string;
  readonly engine: EngineRequest;
  /** Workers at once; default: the spec's, else one a core. */
  readonly jobs?: number;
}

/** What the sweep makes of an event. */
export interface EventOutcome {
  /** A trial that has failed is tried again at once. */
  readonly isRetried: boolean;
  /** Why a pruner stopped the trial, or null. */
  readonly pruned: string | null;
}

/** What the caller is told while a run goes on. */
export interface RunListener {
  /** A line for the user. */
  say(line: string): void;
  /** The trials that wait, before the first event; `most` may come of the sweep, null: nobody knows. */
  begin(numbered: readonly NumberedTrial[], jobs: number, most: number | null): void;
  /** Trials that the sweep has added. */
  added(numbered: readonly NumberedTrial[]): void;
  event(event: TrialEvent, outcome: EventOutcome): void;
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
    const found = await findExecutor(experiment.spec, options);
    if (!found.ok) return found;
    const opening = { experiment, options, folder, engine: engine.plan, say: listener.say };
    using workers = await openWorkers(opening, found.place);
    using tracking = openTracking(experiment, folder, listener.say);
    const outcome = await execute({
      experiment,
      options,
      listener,
      folder,
      engine: engine.plan,
      workers,
      planner: createPlanner(experiment, folder, engine.plan),
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

interface Execution {
  readonly experiment: LoadedExperiment;
  readonly options: RunOptions;
  readonly listener: RunListener;
  readonly folder: string;
  readonly engine: EnginePlan;
  readonly workers: Workers;
  readonly planner: Planner;
  readonly interrupted: AbortSignal;
}

async function execute(execution: Execution): Promise<RunOutcome> {
  const { experiment, listener, folder, engine, planner, interrupted, workers } = execution;
  const { spec } = experiment;
  using journal = openJournal(runPaths(folder).journal);
  const before = runState(journal.records);
  dropForeignCheckpoints(folder, journal.records);
  const known = knownRecords(before);
  const sweep = await openSweep({
    spec,
    planner,
    engineFamily: engine.family,
    records: journal.records,
    numberOf: (trial) => numberOf(known, trial),
  });
  const append = (record: NewRecord) => {
    const timed = { ...record, time: new Date().toISOString() };
    journal.append(timed);
    applyRecord(sweep, timed);
  };
  const all = [...sweep.state.trials.values()];
  writeExecutionFiles(folder, before.nextExecution, experiment);
  append(executionRecord(experiment, engine, before.nextExecution, all));
  for (const record of newRecords(known, all, planner)) append(record);
  if (engine.note) append({ type: 'note', text: engine.note });
  journal.flush();
  const pending = all.filter((trial) => !hasEnded(trial));
  const most = mostTrials(sweep);
  const left = Number.isFinite(most) ? most - all.length + pending.length : null;
  listener.begin(pending, Math.max(1, Math.min(workers.jobs, left ?? workers.jobs)), left);
  const end = await train(execution, { sweep, known, before, journal, append });
  const status = interrupted.aborted ? 'interrupted' : end.hasFailed ? 'failed' : 'finished';
  const leftOut = leftOutOf(sweep, end.timeOver);
  const budgets = leftOut.length > 0 ? { leftOut } : {};
  append({ type: 'end', execution: before.nextExecution, status, ...budgets });
  return { ok: true, status, folder };
}

interface Training {
  readonly sweep: Sweep;
  readonly known: KnownRecords;
  readonly before: RunState;
  readonly journal: Journal;
  readonly append: (record: NewRecord) => void;
}

type TrainingEnd = SweepEnd & {
  /** In words, where the budget of minutes ended it. */
  readonly timeOver: string | null;
};

async function train(execution: Execution, training: Training): Promise<TrainingEnd> {
  const { experiment, listener, folder, planner, interrupted, workers, engine } = execution;
  const { sweep, known, before, journal, append } = training;
  const { executor, jobs } = workers;
  const record = createRecorder(folder, append, journal.flush);
  using monitor = createSystemMonitor(folder, journal, () => new Date());
  const note = (text: string) => {
    append({ type: 'note', text });
    listener.say(text);
  };
  const limit = timeLimit(experiment.spec.sweep.budget.minutes, before.seconds);
  const stopping = AbortSignal.any([interrupted, limit.signal]);
  const interrupt = () => executor.stopAll('interrupt');
  stopping.addEventListener('abort', interrupt);
  if (stopping.aborted) interrupt();
  const jobOf = jobMaker(planner, folder, engine);
  try {
    const end = await trainSweep({
      ...{ sweep, executor, jobs, jobOf, append, note, interrupted: stopping },
      async record(event, attempt, isRetried) {
        monitor.event(event);
        await record(event, attempt, isRetried);
        const trial = sweep.state.trials.get(event.number);
        const pruned = trial?.stage === 'pruned' ? trial.reason : null;
        listener.event(event, { isRetried, pruned });
      },
      dropped({ number }, pruned) {
        listener.event({ type: 'interrupted', number, epoch: 0 }, { isRetried: false, pruned });
      },
      added(trials) {
        for (const each of newRecords(known, trials, planner)) append(each);
        listener.added(trials);
      },
    });
    const timeOver = limit.signal.aborted ? limit.text : null;
    if (timeOver) note(timeOver);
    return { ...end, timeOver };
  } finally {
    limit.clear();
    await executor.close();
    stopping.removeEventListener('abort', interrupt);
  }
}

/** What a worker is told of a trial. */
export const jobTrial = ({ id, tasks, replicate, spec, choiceSpec }: PlannedTrial) => ({
  id,
  tasks,
  replicate,
  spec,
  heads: choiceSpec.heads,
});

function jobMaker(planner: Planner, folder: string, engine: EnginePlan) {
  const needsOf = trialNeeds(planner);
  return ({ number, trial }: NumberedTrial) => ({
    number,
    trial: jobTrial(trial),
    data: planner.dataOf(trial),
    checkpoint: readCheckpoint(folder, number),
    ...needsOf(trial),
    engine: engine.programs,
  });
}
