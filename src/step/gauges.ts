/** @file What changes while a trial trains and is worth a curve: learning rate, weights of the tasks. */
import * as tf from '@tensorflow/tfjs';
import { chosen, findKind } from '../spec/kind.ts';
import { headWeights, likelihoodFactors } from './combined-loss.ts';
import type { Hyperparameters } from './define.ts';
import { below, known } from './named-tensors.ts';
import { progress } from './progress.ts';
import { schedules } from './schedules/index.ts';
import type { State, StepRequest } from './step.ts';
import { weightings } from './weightings/index.ts';

/** `learningRate` with its schedule; `weight/<head>`: its factor in the combined loss. */
export function gaugesOf(request: Pick<StepRequest, 'built' | 'spec'>) {
  const { built, spec } = request;
  const schedule = findKind(schedules, chosen(spec.training.learningRateSchedule).name);
  const weighting = findKind(weightings, chosen(spec.weighting).name);
  const weights = headWeights(request);
  const factors = likelihoodFactors(request);
  return (state: State, hyper: Hyperparameters): Readonly<Record<string, tf.Scalar>> => {
    const factor = schedule.factor(progress(state, hyper), below('learningRateSchedule/', hyper));
    const learned = weighting.weights?.(below('weighting/', state), tf.tensor1d(factors));
    const all = learned ? tf.mul(weights(state, hyper), learned) : weights(state, hyper); // [task]
    const each = built.tasks.map((task, index) => [
      `weight/${task}`,
      all.slice(index, 1).asScalar(),
    ]);
    return {
      learningRate: tf.mul(known(hyper, 'optimizer/learningRate'), factor).asScalar(),
      ...Object.fromEntries(each),
    };
  };
}
