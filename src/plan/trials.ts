/** @file Unfolds a resolved spec into its trials: joint ones, and each task alone as control. */
import { formatPath, parsePath } from '../spec/problem.ts';
import type { ResolvedSpec } from '../spec/schema/experiment.ts';
import type { SweepChoice } from '../spec/space/sweep-points.ts';
import type { ChoiceValues } from './define-sampler.ts';
import { choiceIdentity, type TrialSpec, trialIdentity } from './identity.ts';
import { valueInWords } from './value-words.ts';

/** One trial to be trained, with all that it needs. */
export interface PlannedTrial {
  readonly id: string;
  readonly choice: string;
  readonly tasks: readonly string[];
  readonly control: 'singleTask' | null;
  /** The swept values that matter to it. */
  readonly parameters: ChoiceValues;
  /** From 0. */
  readonly replicate: number;
  readonly spec: TrialSpec;
  /** The choice it came from, all heads included: its data are prepared from this. */
  readonly choiceSpec: ResolvedSpec;
}

export interface PlanInput {
  readonly spec: ResolvedSpec;
  /** Hash of the data that a spec reads. */
  readonly fingerprint: (data: ResolvedSpec['data']) => string;
  readonly engineFamily: string;
}

/** The trials of some choices: each choice jointly, then every task alone; equal ones once. */
export function planTrials(
  input: PlanInput,
  choices: readonly SweepChoice[],
): readonly PlannedTrial[] {
  const trials = new Map<string, PlannedTrial>();
  const add = (trial: Omit<PlannedTrial, 'id' | 'choice' | 'replicate'>) => {
    const choice = choiceIdentity({
      spec: trial.spec,
      fingerprint: input.fingerprint(trial.spec.data),
      splitHeads: splitHeads(trial.choiceSpec),
      engineFamily: input.engineFamily,
    });
    for (let replicate = 0; replicate < input.spec.sweep.replicates; replicate++) {
      const id = trialIdentity(choice, replicate);
      if (!trials.has(id)) trials.set(id, { ...trial, id, choice, replicate });
    }
  };
  for (const { values, spec } of choices) add(jointTrial(values, spec));
  const tasks = Object.keys(input.spec.heads);
  if (input.spec.baselines === 'singleTask' && tasks.length > 1) {
    for (const task of tasks) {
      for (const { values, spec } of choices) add(controlTrial(task, values, spec));
    }
  }
  return [...trials.values()];
}

function jointTrial(parameters: ChoiceValues, choiceSpec: ResolvedSpec) {
  const { data, shared, heads, weighting, training, seed } = choiceSpec;
  return {
    tasks: Object.keys(heads),
    control: null,
    parameters,
    spec: { data, shared, heads, weighting, training, seed },
    choiceSpec,
  };
}

/** The task alone: its own head, fixed weighting, stopped early on its own loss. */
export function controlTrial(task: string, values: ChoiceValues, choiceSpec: ResolvedSpec) {
  const { data, shared, heads, training, seed } = choiceSpec;
  const head = heads[task];
  if (!head) throw new Error(`internal: no head is called "${task}"`);
  const { earlyStopping } = training;
  return {
    tasks: [task],
    control: 'singleTask' as const,
    parameters: Object.fromEntries(Object.entries(values).filter(([path]) => concerns(path, task))),
    spec: {
      data,
      shared,
      heads: { [task]: head },
      weighting: { fixed: {} },
      training: earlyStopping
        ? { ...training, earlyStopping: { ...earlyStopping, metric: [`validation/${task}/loss`] } }
        : training,
      seed,
    },
    choiceSpec,
  };
}

/** Whether a swept path changes the control of a task: all do but other heads and the weighting. */
function concerns(path: string, task: string): boolean {
  const [first, second] = parsePath(path) ?? [];
  if (first === 'weighting') return false;
  return first !== 'heads' || second === task;
}

function splitHeads(spec: ResolvedSpec): ResolvedSpec['heads'] {
  const name = spec.data.split.stratify;
  const head = name === undefined ? undefined : spec.heads[name];
  return name !== undefined && head ? { [name]: head } : {};
}

/** `learningRate 0.003, dense.units 128`: a choice in words, each path by its last steps. */
export function describeChoice(parameters: ChoiceValues, inWords = valueInWords): string {
  const parts = Object.entries(parameters).map(
    ([path, value]) => `${shortPath(path)} ${inWords(value)}`,
  );
  return parts.join(', ') || 'as written';
}

function shortPath(path: string): string {
  const steps = parsePath(path) ?? [path];
  return formatPath(steps.slice(steps[0] === 'heads' ? 1 : -1));
}
