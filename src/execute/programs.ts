/** @file The programs of a trial: one trains, one measures; trials of the same structure share them. */
import * as tf from '@tensorflow/tfjs';
import {
  type Program,
  type ProgramEngine,
  type ProgramFacts,
  prepareProgram,
  type ScanBody,
  type Tensors,
} from '../compile/index.ts';
import { canonical } from '../plan/identity.ts';
import type { State, Step } from '../step/index.ts';
import { below, prefixed } from '../step/named-tensors.ts';
import { batchOf } from './batches.ts';
import type { HeldData } from './held-data.ts';

export interface Programs {
  readonly train: Program;
  readonly measure: Program;
  /** Steps of `train` in a call; a worker learns how many fill it. Changes no number. */
  callSteps: number;
}

export interface ProgramsRequest {
  /** Of the step: what makes two trials' programs the same. */
  readonly structure: unknown;
  readonly step: Step;
  readonly state: State;
  /** As scalars. */
  readonly hyper: Tensors;
  readonly held: HeldData;
  readonly batchSize: number;
  readonly engine: ProgramEngine | null;
}

/** Programs that a worker keeps; each costs some megabytes. */
const mostPrograms = 8;
const firstCallSteps = 16;
const kept = new Map<string, Programs & { readonly dispose: () => void }>();

/** What a trial's program was, and whether this trial made it. */
export interface ProgramUse extends ProgramFacts {
  readonly isReused: boolean;
}

/**
 * Takes them from those that were kept, or makes them; `onMade` hands over what the programs go on
 * using (the model below the step), which `dispose` gives back when they are dropped.
 */
export async function programsFor(
  request: ProgramsRequest,
  onMade: () => () => void,
): Promise<{ programs: Programs; use: ProgramUse }> {
  const key = keyOf(request);
  const known = kept.get(key);
  if (known) {
    kept.delete(key);
    kept.set(key, known);
    return { programs: known, use: { ...known.train.facts, isReused: true } };
  }
  const [train, measure] = [await trainProgram(request), await measureProgram(request)];
  const release = onMade();
  const dispose = () => {
    train[Symbol.dispose]();
    measure[Symbol.dispose]();
    release();
  };
  const programs = { train, measure, callSteps: firstCallSteps, dispose };
  kept.set(key, programs);
  const [oldest] = kept.keys();
  if (kept.size > mostPrograms && oldest !== undefined) {
    kept.get(oldest)?.dispose();
    kept.delete(oldest);
  }
  const compileSeconds = train.facts.compileSeconds + measure.facts.compileSeconds;
  return { programs, use: { ...train.facts, compileSeconds, isReused: false } };
}

const keyOf = ({ structure, held, batchSize, engine, hyper }: ProgramsRequest) =>
  canonical({
    structure,
    facts: held.facts,
    batches: held.train.pieceBatches(batchSize),
    batchSize,
    engine,
    hyper: Object.keys(hyper),
  });

async function trainProgram({ step, state, hyper, held, batchSize, engine }: ProgramsRequest) {
  const body: ScanBody = (carry, item, fixed) => {
    const next = step.step(carry, batchOf(item, step.tasks), hyperOf(fixed));
    return { carry: next.state, out: { losses: next.losses, labelWeights: next.labelWeights } };
  };
  const items = held.train.example(batchSize);
  const program = await prepareProgram({ body, carry: state, items, fixed: hyper, engine });
  tf.dispose(items as tf.NamedTensorMap);
  return program;
}

/** Scalars, as they were passed. */
const hyperOf = (tensors: Tensors) => tensors as Parameters<Step['step']>[2];

async function measureProgram({ step, state, hyper, held, engine }: ProgramsRequest) {
  const body: ScanBody = (_, item, fixed) => {
    const { predictions, lossSums, labelWeights } = step.evaluate(
      below('state/', fixed),
      batchOf(item, step.tasks),
      hyperOf(below('hyper/', fixed)),
    );
    return {
      carry: {},
      out: { ...prefixed('predictions/', predictions), lossSums, labelWeights },
    };
  };
  for await (const { items } of held.validation.batches()) {
    const request = { body, carry: {}, items, fixed: measureFixed(state, hyper), engine };
    // Awaited here, since the batch is gone when this loop is left.
    return await prepareProgram(request);
  }
  throw new Error('the validation split has no rows');
}

/** Of the state only what predictions depend on. */
export const measureFixed = (state: State, hyper: Tensors): Tensors => ({
  ...prefixed('state/weights/', below('weights/', state)),
  ...prefixed('state/averages/', below('averages/', state)),
  ...prefixed('hyper/', hyper),
});
