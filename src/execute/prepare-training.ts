/** @file Data, model, step and programs of a trial, made from its job. */
import * as tf from '@tensorflow/tfjs';
import type { Tensors } from '../compile/index.ts';
import { type BuiltModel, buildModel } from '../model/index.ts';
import { chosen, findKind } from '../spec/kind.ts';
import type { ResolvedSpec } from '../spec/schema/experiment.ts';
import {
  createStep,
  type Hyperparameters,
  losses,
  type State,
  type Step,
  structureOf,
} from '../step/index.ts';
import { type LabelledRows, labelledRows } from './epoch-order.ts';
import { type HeldData, holdData } from './held-data.ts';
import { type Programs, type ProgramUse, programsFor } from './programs.ts';
import type { TrialJob } from './trial-event.ts';

export interface Training {
  readonly held: HeldData;
  readonly step: Step;
  /** The trial's own tasks; the step may have others that ride along. */
  readonly tasks: readonly string[];
  /** As scalars. */
  readonly hyper: Hyperparameters;
  readonly programs: Programs;
  readonly use: ProgramUse;
  /** The rows of the training split that have a label of one of the tasks. */
  readonly labelled: LabelledRows;
  readonly stepsPerEpoch: number;
  /** The state at the start; the caller's. */
  initialState(): State;
  /** The model of the trial's own heads, for saving. The caller disposes of its `model`. */
  ownModel(): BuiltModel;
  [Symbol.dispose](): void;
}

/** The model has all heads of the choice, so that controls share the joint model's programs. */
export async function prepareTraining(job: TrialJob): Promise<Training> {
  const { spec, replicate, tasks, heads } = job.trial;
  const held = await holdData(job.data);
  const { signature } = held;
  const labelled = labelledRows(held.train.presence, held.train.rows, tasks);
  const stepsPerEpoch = Math.ceil(labelled.count / spec.training.batchSize);
  if (stepsPerEpoch === 0) throw new Error('no row of the training split has a label');
  const built = modelOf(heads, job, signature);
  const whole = { ...spec, heads };
  const step = createStep({ built, spec: whole, signature, replicate, stepsPerEpoch, tasks });
  const hyper = scalarsOf(step.hyperparameters);
  const state = step.initialState();
  let isLent = false;
  const { programs, use } = await programsFor(
    {
      structure: structureOf({ spec: whole, signature }),
      step,
      state,
      hyper,
      held,
      batchSize: spec.training.batchSize,
      engine: job.engine,
    },
    () => {
      isLent = true;
      return () => built.model.dispose();
    },
  );
  return {
    held,
    step,
    tasks,
    hyper,
    programs,
    use,
    labelled,
    stepsPerEpoch,
    initialState: () => clonesOf(state),
    ownModel: () => modelOf(spec.heads, job, signature),
    [Symbol.dispose]() {
      tf.dispose([hyper, state]);
      if (!isLent) built.model.dispose();
    },
  };
}

function modelOf(
  heads: ResolvedSpec['heads'],
  { trial }: TrialJob,
  signature: HeldData['signature'],
): BuiltModel {
  const { spec, replicate } = trial;
  const lossActivation = (head: string) => {
    const { name } = chosen(heads[head]?.loss ?? {});
    return findKind(losses, name).activation ?? 'linear';
  };
  return buildModel({ ...spec, heads, signature, replicate, lossActivation });
}

const scalarsOf = (numbers: Readonly<Record<string, number>>): Hyperparameters =>
  Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, tf.scalar(value)]));

const clonesOf = (tensors: Tensors): State =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensor.clone()]));
