/** @file The object that `results --json` prints. */
import { gainOf } from './gain.ts';
import type { RunView } from './read-run.ts';

/**
 * The contract of scripts; metrics that are not defined (NaN) are null, as JSON has no NaN.
 * `mlflowRuns`: the MLflow run of each trial that was sent to a server, by its number.
 */
export function resultsJson(view: RunView, mlflowRuns: ReadonlyMap<number, string> = new Map()) {
  return {
    experiment: view.experiment,
    objective: view.objective,
    trials: view.trials.map((trial) => ({
      number: trial.number,
      id: trial.id,
      status: trial.status,
      tasks: trial.tasks,
      control: trial.control,
      parameters: trial.parameters,
      replicate: trial.replicate,
      seed: trial.seed,
      epochs: trial.epochs,
      bestEpoch: trial.bestEpoch,
      seconds: trial.seconds,
      metrics: trial.metrics,
      mlflowRunId: mlflowRuns.get(trial.number) ?? null,
      ...(trial.reason === null ? {} : { reason: trial.reason }),
    })),
    gain: gainOf(view),
  };
}
