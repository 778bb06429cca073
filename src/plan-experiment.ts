/** @file `plan`: the trials of a spec, which of them are done, model sizes, and about how long. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openPrepared } from './data/index.ts';
import { type EnginePlan, type EngineRequest, prepareEngine } from './engine/index.ts';
import { jobTrial } from './experiment.ts';
import { createPlanner, type Planner } from './experiment-plan.ts';
import { defaultJobs } from './jobs.ts';
import type { LoadedExperiment } from './load-experiment.ts';
import { countWeights } from './model/index.ts';
import { describeChoice, type PlannedTrial } from './plan/index.ts';
import { probeEpoch } from './probe.ts';
import { type JournalRecord, readJournal, runPaths, runState } from './record/index.ts';
import { mostTrials, nextOf, openSweep, type Sweep } from './sweep/sweep.ts';
import type { SweepTrial } from './sweep/sweep-state.ts';
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
  /** Of an adaptive sweep: those that are known now. */
  readonly trials: readonly PlannedRow[];
  /** How many more the sweep may add while it runs; null: as many as its budget of time or epochs allows. */
  readonly toCome: number | null;
  /** Different programs of the trials that are not done: each worker compiles those that it uses. */
  readonly programs: number;
  /** Of all workers together, about. */
  readonly memoryMegabytes: number;
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
  const { spec } = experiment;
  const folder = join(options.runs, spec.experiment);
  const planner = createPlanner(experiment, folder, engine.plan);
  const records = readJournal(runPaths(folder).journal);
  const sweep = await knownSweep(spec, planner, engine.plan.family, records);
  const { numbers } = runState(records);
  const planned = [...sweep.state.trials.values()];
  const needsOf = trialNeeds(planner);
  const trials = planned.map((each) =>
    rowOf(each, planner, numbers.get(each.trial.id) ?? null, needsOf(each.trial).program),
  );
  const jobs = options.jobs ?? spec.execution.jobs ?? defaultJobs();
  const more = mostTrials(sweep) - trials.length;
  const todo = trials.filter(({ done }) => !done);
  const seconds =
    estimate(trials, records, jobs) ?? (await probe(planned, planner, trials, engine.plan, jobs));
  const perTrial = todo.length > 0 ? (seconds ?? Number.NaN) / todo.length : 0;
  const plan = {
    experiment: spec.experiment,
    engine: engine.plan.family,
    jobs,
    trials: trials.map(({ program: _, ...row }) => row),
    toCome: Number.isFinite(more) ? Math.max(0, more) : null,
    programs: new Set(todo.map(({ program }) => program)).size,
    memoryMegabytes: memoryOf(planner, trials, jobs),
    estimatedSeconds:
      seconds === null ? null : seconds + perTrial * Math.max(0, Number.isFinite(more) ? more : 0),
  };
  return { ok: true, plan, text: textOf(plan) };
}

/** What an adaptive sweep proposes before anything has finished is known, too. */
const foreseen = 10;

async function knownSweep(
  spec: LoadedExperiment['spec'],
  planner: Planner,
  engineFamily: string,
  records: readonly JournalRecord[],
): Promise<Sweep> {
  const { numbers, nextNumber } = runState(records);
  let next = nextNumber;
  const numberOf = ({ id }: Pick<PlannedTrial, 'id'>) => numbers.get(id) ?? next++;
  const sweep = await openSweep({ spec, planner, engineFamily, records, numberOf });
  while (sweep.isOpen && sweep.choices.count() < foreseen) {
    const step = await nextOf(sweep);
    if (step.type === 'wait' || step.type === 'done') break;
  }
  return sweep;
}

/** A worker without data (370 MB are TensorFlow's), the data that it holds, four copies of the weights. */
function memoryOf(planner: Planner, trials: readonly PlannedRow[], jobs: number): number {
  const bytes = planner
    .data()
    .map(({ directory }) =>
      readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0),
    );
  const data = bytes.reduce((sum, each) => sum + each, 0);
  const weights = Math.max(0, ...trials.map((row) => row.weights));
  return Math.ceil(jobs * (370 + (data + 4 * 4 * weights) / 1e6));
}

function rowOf(
  { trial, stage }: SweepTrial,
  { dataOf }: Planner,
  number: number | null,
  program: string,
): PlannedRow & { readonly program: string } {
  const { id, tasks, control, parameters, replicate, spec } = trial;
  const { signature, splits } = openPrepared(dataOf(trial));
  const stepsPerEpoch = Math.ceil(splits.train.rows / spec.training.batchSize);
  const done = stage === 'finished' || stage === 'pruned';
  const weights = countWeights(spec, signature);
  const steps = stepsPerEpoch * spec.training.epochs;
  return { number, id, tasks, control, parameters, replicate, done, weights, steps, program };
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
  trials: readonly SweepTrial[],
  { dataOf }: Planner,
  rows: readonly PlannedRow[],
  engine: EnginePlan,
  jobs: number,
): Promise<number | null> {
  const steps = rows.reduce((sum, row) => sum + (row.done ? 0 : row.steps), 0);
  const index = rows.findIndex(({ done }) => !done);
  const [trial, row] = [trials[index]?.trial, rows[index]];
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

function textOf({ experiment, engine, jobs, trials, ...plan }: PlanView): string {
  const { toCome, programs, memoryMegabytes, estimatedSeconds } = plan;
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
  const more =
    toCome === 0
      ? []
      : [
          toCome === null
            ? 'The sweep adds trials while it runs, until its budget is spent.'
            : `The sweep adds up to ${toCome} more while it runs, by what comes of these.`,
        ];
  return [
    ...rows,
    ...more,
    `${experiment}: ${trials.length} trials, ${todo} to train, on ${jobs} workers with ${engine}; ${time}`,
    `${programs} program${programs === 1 ? '' : 's'} to compile or to take from the cache; about ${memoryMegabytes} MB of memory`,
  ].join('\n');
}
