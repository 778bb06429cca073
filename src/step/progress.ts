/** @file How far a training is, for schedules. */
import * as tf from '@tensorflow/tfjs';
import type { Hyperparameters } from './define.ts';
import { known } from './named-tensors.ts';
import type { State } from './step.ts';

/** Epochs done, with their fraction, and epochs in all. */
export function progress(state: State, hyper: Hyperparameters) {
  const steps = tf.cast(known(state, 'step'), 'float32');
  return {
    epoch: tf.div(steps, known(hyper, 'stepsPerEpoch')).asScalar(),
    epochs: known(hyper, 'epochs'),
  };
}
