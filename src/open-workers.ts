/** @file Who trains an experiment's trials: opened before its data are prepared, to get ready meanwhile. */
import { closeSync, openSync } from 'node:fs';
import type { EnginePlan } from './engine/index.ts';
import type { Executor } from './execute/trial-event.ts';
import { type ExecutorPlace, openExecutor } from './executor-place.ts';
import { defaultJobs } from './jobs.ts';
import type { LoadedExperiment } from './load-experiment.ts';
import { runPaths } from './record/index.ts';

export interface Workers {
  readonly executor: Executor;
  readonly jobs: number;
  [Symbol.dispose](): void;
}

interface Opening {
  readonly experiment: LoadedExperiment;
  readonly options: { readonly jobs?: number };
  readonly folder: string;
  readonly engine: EnginePlan;
  readonly say: (line: string) => void;
}

/** They load TensorFlow while the data are prepared. */
export async function openWorkers(
  { experiment, options, folder, engine, say }: Opening,
  place: ExecutorPlace,
): Promise<Workers> {
  const { spec } = experiment;
  // How many machines will come nobody knows: so many trials are handed over to them at once.
  const usual = place.kind === 'local' ? defaultJobs() : 16;
  const jobs = options.jobs ?? spec.execution.jobs ?? usual;
  const log = openSync(runPaths(folder).workerLog, 'a');
  const { stallSeconds } = spec.execution;
  const about = { place, jobs, engine, log, folder, say, stallSeconds };
  const executor = await openExecutor({ ...about, experiment: spec.experiment });
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

/** Before the data are known, at most: no more workers need to get ready. */
function mostTrials({ spec }: LoadedExperiment): number {
  const { parameters, zip, budget, replicates } = spec.sweep;
  const lists = [...Object.values(parameters), ...zip.flatMap((group) => Object.values(group))];
  const isOne = lists.every((values) => Array.isArray(values) && values.length === 1);
  const controls = spec.baselines === 'singleTask' ? Object.keys(spec.heads).length : 0;
  const choices = isOne ? 1 : (budget.trials ?? Number.POSITIVE_INFINITY);
  return choices * replicates * (1 + controls);
}
