/** @file `plan`: the trials of a spec, which of them are done, model sizes, and about how long. */
import { join } from 'node:path';
import { openPrepared } from './data/index.ts';
import { type EnginePlan, type EngineRequest, prepareEngine } from './engine/index.ts';
import { jobTrial } from './experiment.ts';
import { type ExperimentPlan, planExperiment } from './experiment-plan.ts';
import { defaultJobs } from './jobs.ts';
import type { LoadedExperiment } from './load-experiment.ts';
import { countWeights } from './model/index.ts';
import { describeChoice, type PlannedTrial } from './plan/index.ts';
import { probeEpoch } from './probe.ts';
import { type JournalRecord, readJournal, runPaths, runState } from './record/index.ts';
import { trialNeeds } from './trial-needs.ts';

export interface PlanOptions {
  readonly runs: string;
  readonly engine: EngineRequest;
  readonly jobs?: number;
}

export interface PlannedRow {
  /** null: it gets its number when it is first trained. */
  readonly number: number | null;
  readonly id: string;
  readonly tasks: readonly string[];
  readonly control: 'singleTask' | null;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly replicate: number;
  readonly done: boolean;
  /** Learned weights of its model. */
  readonly weights: number;
  /** Steps of all its epochs. */
  readonly steps: number;
}

export interface PlanView {
  readonly experiment: string;
  readonly engine: string;
  readonly jobs: number;
  readonly trials: readonly PlannedRow[];
  /** Seconds for what is not done, at most: from the trials of this run that are, or from a short probe. */
  readonly estimatedSeconds: number | null;
}

/** Prepares data; trains nothing but the probe, which is thrown away. */
export async function describePlan(
  experiment: LoadedExperiment,
  options: PlanOptions,
  report: (line: string) => void,
): Promise<{ ok: true; plan: PlanView; text: string } | { ok: false; reason: string }> {
  const engine = await prepareEngine(options.engine, report);
  if (!engine.ok) return engine;
  const folder = join(options.runs, experiment.spec.experiment);
  const planned = await planExperiment(experiment, folder, engine.plan);
  const records = readJournal(runPaths(folder).journal);
  const { numbers, finished } = runState(records);
  const trials = planned.trials.map((trial) => {
    const number = numbers.get(trial.id) ?? null;
    return rowOf(trial, planned, number, number !== null && finished.has(number));
  });
  const jobs = options.jobs ?? experiment.spec.execution.jobs ?? defaultJobs();
  const plan = {
    experiment: experiment.spec.experiment,
    engine: engine.plan.family,
    jobs,
    trials,
    estimatedSeconds:
      estimate(trials, records, jobs) ?? (await probe(planned, trials, engine.plan, jobs)),
  };
  return { ok: true, plan, text: textOf(plan) };
}

function rowOf(
  trial: PlannedTrial,
  { dataOf }: ExperimentPlan,
  number: number | null,
  done: boolean,
): PlannedRow {
  const { id, tasks, control, parameters, replicate, spec } = trial;
  const { signature, splits } = openPrepared(dataOf(trial));
  const stepsPerEpoch = Math.ceil(splits.train.rows / spec.training.batchSize);
  const weights = countWeights(spec, signature);
  return {
    number,
    id,
    tasks,
    control,
    parameters,
    replicate,
    done,
    weights,
    steps: stepsPerEpoch * spec.training.epochs,
  };
}

/** From the seconds a step took in the finished trials of this run. */
function estimate(
  trials: readonly PlannedRow[],
  records: readonly JournalRecord[],
  jobs: number,
): number | null {
  const seconds = new Map<number, number>();
  for (const record of records)
    if (record.type === 'finish') seconds.set(record.number, record.seconds);
  const done = trials.filter(({ number }) => number !== null && seconds.has(number));
  const spent = done.reduce((sum, { number }) => sum + (seconds.get(number ?? 0) ?? 0), 0);
  const steps = (rows: readonly PlannedRow[]) => rows.reduce((sum, row) => sum + row.steps, 0);
  if (done.length === 0) return null;
  return ((spent / steps(done)) * steps(trials.filter((row) => !row.done))) / jobs;
}

/** From the first trial that is not done, trained for a moment; 0 where all are. */
async function probe(
  { trials, dataOf }: ExperimentPlan,
  rows: readonly PlannedRow[],
  engine: EnginePlan,
  jobs: number,
): Promise<number | null> {
  const steps = rows.reduce((sum, row) => sum + (row.done ? 0 : row.steps), 0);
  const index = rows.findIndex(({ done }) => !done);
  const [trial, row] = [trials[index], rows[index]];
  if (!trial || !row) return 0;
  const { spec } = trial;
  const needs = trialNeeds({ dataOf });
  const job = {
    trial: jobTrial(trial),
    data: dataOf(trial),
    ...needs(trial),
    engine: engine.programs,
  };
  const epoch = await probeEpoch(engine, job);
  return epoch === null ? null : ((epoch * spec.training.epochs) / row.steps) * (steps / jobs);
}

function textOf({ experiment, engine, jobs, trials, estimatedSeconds }: PlanView): string {
  const rows = trials.map(
    ({ number, control, tasks, parameters, replicate, done, weights, steps }) => {
      const alone = control === null ? 'joint' : `${tasks[0]} alone`;
      const words = `${alone}: ${describeChoice(parameters)}, replicate ${replicate + 1}`;
      return `${String(number ?? '·').padStart(4)}  ${done ? 'done' : 'todo'}  ${words}  (${weights} weights, at most ${steps} steps)`;
    },
  );
  const todo = trials.filter(({ done }) => !done).length;
  const time =
    estimatedSeconds === null
      ? 'how long they take shows after the first one'
      : `at most about ${Math.ceil(estimatedSeconds)} s for the rest`;
  return [
    ...rows,
    `${experiment}: ${trials.length} trials, ${todo} to train, on ${jobs} workers with ${engine}; ${time}`,
  ].join('\n');
}
