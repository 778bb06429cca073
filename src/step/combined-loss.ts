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

/** `state` holds what the weighting learns; losses are [task]. */
export function combineLosses({ built, spec }: Pick<StepRequest, 'built' | 'spec'>) {
  const heads = built.tasks.map((task) => {
    const head = known(spec.heads, task);
    return {
      task,
      loss: findKind(lossKinds, chosen(head.loss).name),
      schedule: findKind(schedules, chosen(head.weightSchedule).name),
    };
  });
  const factors = heads.map(({ loss }) => loss.likelihoodFactor);
  const weighting = findKind(weightings, chosen(spec.weighting).name);
  const { combine } = weighting;
  if (weighting.needs !== 'losses' || !combine) {
    throw new Error(`internal: weightings that need ${weighting.needs} have no step yet`);
  }
  return (losses: tf.Tensor1D, state: State, hyper: Hyperparameters): tf.Scalar => {
    const weights = heads.map(({ task, schedule }) => {
      const numbers = below(`heads/${task}/weightSchedule/`, hyper);
      const factor = schedule.factor(progress(state, hyper), numbers);
      return tf.mul(known(hyper, `heads/${task}/weight`), factor).asScalar();
    });
    return combine(tf.mul(losses, tf.stack(weights)).as1D(), below('weighting/', state), {
      hyper: below('weighting/', hyper),
      likelihoodFactors: tf.tensor1d(factors),
      step: known(state, 'step').asScalar(),
      random: known(state, 'seed').asScalar(),
    });
  };
}
