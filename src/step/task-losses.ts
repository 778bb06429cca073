/** @file The losses of all tasks in one batch. */
import * as tf from '@tensorflow/tfjs';
import { chosen, findKind } from '../spec/kind.ts';
import type { Hyperparameters } from './define.ts';
import { losses as lossKinds } from './losses/index.ts';
import { below, known } from './named-tensors.ts';
import { inPlace } from './place.ts';
import type { StepBatch, StepRequest } from './step.ts';
import { taskLoss } from './task-loss.ts';

/** The hyperparameter that selects a task: 1, or 0 where it only rides along in the program. */
export const isTrainedName = (task: string) => `heads/${task}/isTrained`;

export interface TaskLosses {
  /** All [task]: weighted sums of the rows' losses, sums of the weights, and their quotients. */
  readonly lossSums: tf.Tensor1D;
  readonly labelWeights: tf.Tensor1D;
  readonly losses: tf.Tensor1D;
}

/** Outputs before the activations and a batch → the losses, in the order of the tasks. */
export function taskLosses({ built, spec }: Pick<StepRequest, 'built' | 'spec'>) {
  const heads = built.tasks.map((task) => ({
    task,
    loss: findKind(lossKinds, chosen(known(spec.heads, task).loss).name),
  }));
  return (
    raw: Readonly<Record<string, tf.Tensor2D>>,
    batch: StepBatch,
    hyper: Hyperparameters,
  ): TaskLosses => {
    const each = heads.map(({ task, loss }) => {
      const rows = {
        raw: known(raw, task),
        labels: known(batch.labels, task),
        present: known(batch.present, task),
        isTrained: known(hyper, isTrainedName(task)),
        weights: batch.weights,
      };
      const classWeights = Object.values(below(`heads/${task}/classWeights/`, hyper));
      const numbers = below(`heads/${task}/loss/`, hyper);
      return inPlace(`heads.${task}.loss`, () => taskLoss(loss, rows, classWeights, numbers));
    });
    const lossSums = tf.stack(each.map(({ sum }) => sum)).as1D();
    const labelWeights = tf.stack(each.map(({ weight }) => weight)).as1D();
    // 0 where no row of the batch has the task's label: the sum is 0 then (divNoNan has no gradient).
    const losses = tf.div(lossSums, tf.maximum(labelWeights, 1e-12)).as1D();
    return { lossSums, labelWeights, losses };
  };
}
