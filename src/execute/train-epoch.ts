/** @file The steps of one epoch, in calls of about a third of a second. */
import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs';
import type { ProgramCall } from '../compile/index.ts';
import type { State } from '../step/index.ts';
import type { Training } from './prepare-training.ts';
import type { TrainingNote } from './training-note.ts';
import type { TrialJob } from './trial-event.ts';

/** What changes from step to step and from epoch to epoch. */
export interface Position {
  state: State;
  /** Weights and moving averages of the best epoch so far. */
  best: State;
  note: TrainingNote;
}

/** A loss that is not a number ends a trial; its message says where. */
export class Diverged extends Error {}

/** Calls are shorter than half a second, so that Ctrl-C, progress and checkpoints stay quick. */
const callMilliseconds = 300;

/**
 * Trains from where the epoch stands. `between` is asked after each call, with the share of the
 * epoch that is done, whether to go on; returns false when it said no. Where an epoch is cut
 * changes no number.
 */
export async function trainEpoch(
  job: TrialJob,
  training: Training,
  position: Position,
  between: (share: number) => Promise<boolean>,
): Promise<boolean> {
  const { held, labelled, stepsPerEpoch } = training;
  const { spec, replicate } = job.trial;
  const { batchSize, shuffle } = spec.training;
  const draw = shuffle ? { seed: spec.seed, replicate, epoch: position.note.epoch + 1 } : null;
  const batches = held.train.pieceBatches(batchSize);
  let index = Math.floor(position.note.position / batches);
  const pieces = held.train.pieces({ labelled, draw, batchSize, first: index });
  for await (const items of pieces) {
    const first = index * batches;
    const end = Math.min(first + batches, stepsPerEpoch);
    while (position.note.position < end) {
      // Lets messages in: a request to stop, or the news that the runner is gone.
      await setImmediate();
      if (!(await between(position.note.position / stepsPerEpoch))) return false;
      await trainCall(training, position, { items, first, end });
    }
    index += 1;
  }
  return true;
}

/** Steps from `first` to before `end` of the epoch are in these items. */
interface Part {
  readonly items: ProgramCall['items'];
  readonly first: number;
  readonly end: number;
}

/** As many steps as a call may hold. */
async function trainCall(
  training: Training,
  position: Position,
  { items, first, end: last }: Part,
): Promise<void> {
  const { programs } = training;
  const begin = position.note.position;
  const end = Math.min(begin + programs.callSteps, last);
  const started = performance.now();
  const { carry, out } = programs.train.run({
    carry: position.state,
    items,
    fixed: training.hyper,
    begin: begin - first,
    end: end - first,
  });
  const [losses = [], weights = []] = await Promise.all([
    out.losses?.data(),
    out.labelWeights?.data(),
  ]);
  const elapsed = performance.now() - started;
  const wanted = Math.round(((end - begin) * callMilliseconds) / elapsed);
  programs.callSteps = Math.max(1, Math.min(wanted, 16 * programs.callSteps));
  tf.dispose([position.state, out as tf.NamedTensorMap]);
  position.state = carry;
  position.note = { ...noteAfter(position.note, training, losses, weights), position: end };
}

/** The sums of the epoch so far, step by step in double precision. Throws where a loss is no number. */
function noteAfter(
  note: TrainingNote,
  { step, tasks, stepsPerEpoch }: Training,
  losses: ArrayLike<number>,
  weights: ArrayLike<number>,
): TrainingNote {
  const lossSums = [...note.lossSums];
  const labelWeights = [...note.labelWeights];
  const width = step.tasks.length;
  const columns = tasks.map((task) => step.tasks.indexOf(task));
  for (let at = 0; at * width < losses.length; at++) {
    for (const [index, column] of columns.entries()) {
      const loss = losses[at * width + column] ?? Number.NaN;
      const weight = weights[at * width + column] ?? 0;
      if (!Number.isFinite(loss)) {
        const count = note.epoch * stepsPerEpoch + note.position + at + 1;
        const where = `in epoch ${note.epoch + 1} at step ${count}`;
        throw new Diverged(lossText(tasks[index], loss, where));
      }
      lossSums[index] = (lossSums[index] ?? 0) + loss * weight;
      labelWeights[index] = (labelWeights[index] ?? 0) + weight;
    }
  }
  return { ...note, lossSums, labelWeights };
}

export const lossText = (task: string | undefined, loss: number, where: string) =>
  `the loss of task "${task}" is ${Number.isNaN(loss) ? 'NaN' : 'infinite'} ${where}`;
