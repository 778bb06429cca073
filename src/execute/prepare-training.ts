/** @file Data, model and step of a trial, made from its job. */
import * as tf from '@tensorflow/tfjs';
import { readPrepared } from '../data/index.ts';
import type { PreparedData } from '../data/signature.ts';
import { type BuiltModel, buildModel } from '../model/index.ts';
import { chosen, findKind } from '../spec/kind.ts';
import { createStep, type Hyperparameters, losses, type Step } from '../step/index.ts';
import { labelledRows } from './batches.ts';
import type { TrialJob } from './trial-event.ts';

export interface Training {
  readonly data: PreparedData;
  readonly built: BuiltModel;
  readonly step: Step;
  /** As scalars. */
  readonly hyper: Hyperparameters;
  /** The rows of the training split that have a label of one of the tasks. */
  readonly rows: Int32Array;
  readonly stepsPerEpoch: number;
  [Symbol.dispose](): void;
}

/** The data read last: trials of a sweep mostly share them. */
let held: { directory: string; data: PreparedData } | undefined;

function readHeld(directory: string): PreparedData {
  if (held?.directory !== directory) held = { directory, data: readPrepared(directory) };
  return held.data;
}

export function prepareTraining({ trial, data: directory }: TrialJob): Training {
  const { spec, replicate, tasks } = trial;
  const data = readHeld(directory);
  const rows = labelledRows(data.splits.train, tasks);
  const stepsPerEpoch = Math.ceil(rows.length / spec.training.batchSize);
  if (stepsPerEpoch === 0) throw new Error('no row of the training split has a label');
  const built = buildModel({
    ...spec,
    signature: data.signature,
    replicate,
    lossActivation: (head) => {
      const loss = spec.heads[head]?.loss ?? {};
      return findKind(losses, chosen(loss).name).activation ?? 'linear';
    },
  });
  const step = createStep({ built, spec, signature: data.signature, replicate, stepsPerEpoch });
  const scalars = Object.entries(step.hyperparameters).map(([name, value]) => [
    name,
    tf.scalar(value),
  ]);
  const hyper: Hyperparameters = Object.fromEntries(scalars);
  return {
    data,
    built,
    step,
    hyper,
    rows,
    stepsPerEpoch,
    [Symbol.dispose]() {
      tf.dispose(hyper);
      built.model.dispose();
    },
  };
}
