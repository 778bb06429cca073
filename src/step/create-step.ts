/** @file Puts a trial's training step together from its kinds. */
import * as tf from '@tensorflow/tfjs';
import { movingAverages, trainableWeights } from '../model/index.ts';
import { seedOf } from '../plan/random.ts';
import { chosen, findKind } from '../spec/kind.ts';
import { combineLosses } from './combined-loss.ts';
import type { Hyperparameters } from './define.ts';
import { forward } from './forward.ts';
import { gaugesOf } from './gauges.ts';
import { hyperparametersOf } from './hyperparameters.ts';
import { below, known, prefixed } from './named-tensors.ts';
import { inPlace } from './place.ts';
import type { Evaluation, State, Step, StepBatch, StepRequest, StepResult } from './step.ts';
import { taskLosses } from './task-losses.ts';
import { createUpdate, initialSlots } from './update.ts';
import { weightings } from './weightings/index.ts';

/** Everything is looked up here, once; the step itself is tensors only. */
export function createStep(request: StepRequest): Step {
  const { built } = request;
  const losses = taskLosses(request);
  const combine = combineLosses(request);
  const update = createUpdate(request);
  const gauges = gaugesOf(request);
  const learnedNames = weightingOf(request).kind.learned.map((name) => `weighting/${name}`);

  const lossOf = (state: State, batch: StepBatch, hyper: Hyperparameters): Differentiated => {
    const training = {
      seed: known(state, 'seed').asScalar(),
      step: known(state, 'step').asScalar(),
    };
    const inputs = { inputs: batch.inputs, mask: batch.mask, training, hyper };
    const { raw, penalty, averages } = forward(built, { ...weightsOf(state), ...inputs });
    const each = losses(raw, batch, hyper);
    const combined = inPlace('weighting', () => combine(each.losses, state, hyper));
    const value = tf.add(combined, penalty).asScalar();
    return { value, averages, losses: each.losses, labelWeights: each.labelWeights };
  };
  const step = (state: State, batch: StepBatch, hyper: Hyperparameters): StepResult => {
    const learned = learnedOf(state, learnedNames);
    const found = differentiate(learned, (trial) => lossOf({ ...state, ...trial }, batch, hyper));
    const updated = inPlace('training.optimizer', () => update(state, found.gradients, hyper));
    const next = { ...state, ...updated, ...prefixed('averages/', found.averages) };
    // Clones: no tensor belongs to two states, so that the caller may dispose of either.
    const cloned = Object.entries(next).map(([name, tensor]) => [name, tensor.clone()]);
    tf.dispose(found.averages);
    const { losses: means, labelWeights } = found;
    return { state: Object.fromEntries(cloned), losses: means, labelWeights };
  };
  const evaluate = (state: State, batch: StepBatch, hyper: Hyperparameters): Evaluation => {
    const inputs = { inputs: batch.inputs, mask: batch.mask, training: null, hyper };
    const { raw, predictions } = forward(built, { ...weightsOf(state), ...inputs });
    const { lossSums, labelWeights } = losses(raw, batch, hyper);
    return { predictions, lossSums, labelWeights };
  };
  return {
    tasks: built.tasks,
    hyperparameters: hyperparametersOf(request),
    initialState: () => tf.tidy(() => initialState(request, learnedNames)),
    step: (...given) => tf.tidy(() => step(...given)),
    evaluate: (...given) => tf.tidy(() => evaluate(...given)),
    gauges: (...given) => tf.tidy(() => gauges(...given)),
  };
}

const weightsOf = (state: State) => ({
  weights: { ...below('weights/', state), ...below('averages/', state) },
});

function weightingOf({ spec }: StepRequest) {
  const { name, options } = chosen(spec.weighting);
  return { kind: findKind(weightings, name), options };
}

function initialState(request: StepRequest, learnedNames: readonly string[]): State {
  const { built, spec, replicate } = request;
  const { kind, options } = weightingOf(request);
  const state = {
    ...prefixed('weights/', trainableWeights(built.model)),
    ...prefixed('averages/', movingAverages(built.model)),
    ...prefixed('weighting/', kind.init(options, built.tasks)),
    step: tf.scalar(0, 'int32'),
    seed: tf.scalar(seedOf(spec.seed, replicate, 'dropout') | 0, 'int32'),
  };
  return { ...state, ...initialSlots(request, learnedOf(state, learnedNames)) };
}

/** What the optimizer trains: the model's weights, and the weighting's own of these names. */
function learnedOf(state: State, names: readonly string[]): State {
  const weights = prefixed('weights/', below('weights/', state));
  return { ...weights, ...Object.fromEntries(names.map((name) => [name, known(state, name)])) };
}

interface Differentiated {
  readonly value: tf.Scalar;
  readonly losses: tf.Tensor1D;
  readonly labelWeights: tf.Tensor1D;
  readonly averages: Readonly<Record<string, tf.Tensor>>;
}

/** Gradients by name, and what the function found out besides its value, kept from tidying. */
function differentiate(
  learned: State,
  compute: (trial: State) => Differentiated,
): Omit<Differentiated, 'value'> & { readonly gradients: State } {
  const names = Object.keys(learned);
  const byName = (tensors: readonly tf.Tensor[]): State =>
    Object.fromEntries(
      names.map((name, index) => [name, known<tf.Tensor>(Object(tensors), String(index))]),
    );
  let found: Differentiated | undefined;
  const { grads, value } = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
    found = compute(byName(tensors));
    tf.keep(found.losses);
    tf.keep(found.labelWeights);
    for (const average of Object.values(found.averages)) tf.keep(average);
    return found.value;
  })(Object.values(learned));
  value.dispose();
  if (!found) throw new Error('internal: the loss was not computed');
  return { ...found, gradients: byName(grads) };
}
