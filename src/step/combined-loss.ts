/** @file Task losses to the combined loss: heads' weights, their schedules, and the weighting. */
import * as tf from '@tensorflow/tfjs';
import { chosen, findKind } from '../spec/kind.ts';
import type { Hyperparameters } from './define.ts';
import { losses as lossKinds } from './losses/index.ts';
import { below, known } from './named-tensors.ts';
import { progress } from './progress.ts';
import { schedules } from './schedules/index.ts';
import type { State, StepRequest } from './step.ts';
import { weightings } from './weightings/index.ts';

type Request = Pick<StepRequest, 'built' | 'spec'>;

/** Each loss's likelihood factor, in the order of the tasks. */
export const likelihoodFactors = ({ built, spec }: Request): number[] =>
  built.tasks.map((task) => {
    const { name } = chosen(known(spec.heads, task).loss);
    return findKind(lossKinds, name).likelihoodFactor;
  });

/** [task]: the heads' weights, with their schedules. */
export function headWeights({ built, spec }: Request) {
  const heads = built.tasks.map((task) => {
    const { name } = chosen(known(spec.heads, task).weightSchedule);
    return { task, schedule: findKind(schedules, name) };
  });
  return (state: State, hyper: Hyperparameters): tf.Tensor1D => {
    const weights = heads.map(({ task, schedule }) => {
      const numbers = below(`heads/${task}/weightSchedule/`, hyper);
      const factor = schedule.factor(progress(state, hyper), numbers);
      return tf.mul(known(hyper, `heads/${task}/weight`), factor).asScalar();
    });
    return tf.stack(weights).as1D();
  };
}

/** `state` holds what the weighting learns; losses are [task]. */
export function combineLosses(request: Request) {
  const weighting = findKind(weightings, chosen(request.spec.weighting).name);
  const { combine } = weighting;
  if (weighting.needs !== 'losses' || !combine) {
    throw new Error(`internal: weightings that need ${weighting.needs} have no step yet`);
  }
  const weights = headWeights(request);
  const factors = likelihoodFactors(request);
  return (losses: tf.Tensor1D, state: State, hyper: Hyperparameters): tf.Scalar =>
    combine(tf.mul(losses, weights(state, hyper)).as1D(), below('weighting/', state), {
      hyper: below('weighting/', hyper),
      likelihoodFactors: tf.tensor1d(factors),
      step: known(state, 'step').asScalar(),
      random: known(state, 'seed').asScalar(),
    });
}
