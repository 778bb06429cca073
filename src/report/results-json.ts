/** @file The object that `results --json` prints. */
import { choicesOf, metricSpread, rankedJoint } from './choices.ts';
import { gainOf } from './gain.ts';
import type { RunView, TrialView } from './read-run.ts';
import type { ListedChoice } from './sweep/names.ts';
import { hypervolumeHistory, paretoFront } from './sweep/pareto.ts';

/**
 * The contract of scripts; metrics that are not defined (NaN) are null, as JSON has no NaN.
 * `mlflowRuns`: the MLflow run of each trial that was sent to a server, by its number. `listed`:
 * the choices that were asked for, in their order; the rest is about the whole run.
 */
export function resultsJson(
  view: RunView,
  mlflowRuns: ReadonlyMap<number, string> = new Map(),
  listed?: readonly ListedChoice[],
) {
  const trials = listed ? listed.flatMap((choice) => choice.trials) : view.trials;
  return {
    experiment: view.experiment,
    objective: view.objective,
    trials: trials.map((trial) => trialJson(trial, mlflowRuns)),
    ...(view.leftOut.length > 0 ? { leftOut: view.leftOut } : {}),
    gain: gainOf(view),
    choices: (listed ?? allChoices(view)).map(choiceJson),
    front: paretoFront(view).map(({ choice, trials, values }) => ({
      choice,
      trials,
      values: Object.fromEntries(
        view.objective.map(({ metric }, index) => [metric, values[index] ?? null]),
      ),
    })),
    hypervolume: hypervolumeHistory(view),
  };
}

const trialJson = (trial: TrialView, mlflowRuns: ReadonlyMap<number, string>) => ({
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
});

function allChoices(view: RunView): readonly ListedChoice[] {
  const ranks = new Map(rankedJoint(view).map(({ choice, rank }) => [choice, rank]));
  return choicesOf(view.trials).map((choice) => ({
    ...choice,
    rank: ranks.get(choice.choice) ?? null,
  }));
}

/** A metric's mean, its standard deviation, and how many replicates they are of. */
function choiceJson(choice: ListedChoice) {
  const names = [...new Set(choice.finished.flatMap(({ metrics }) => Object.keys(metrics)))];
  return {
    choice: choice.choice,
    tasks: choice.tasks,
    control: choice.control,
    parameters: choice.parameters,
    rank: choice.rank,
    trials: choice.trials.map(({ number }) => number),
    replicates: choice.finished.length,
    metrics: Object.fromEntries(names.map((name) => [name, metricSpread(choice, name)])),
  };
}
