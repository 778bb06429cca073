/** @file The contract of a training step: pure functions of named tensors. */
import type * as tf from '@tensorflow/tfjs';
import type { DataSignature } from '../data/signature.ts';
import type { BuiltModel } from '../model/index.ts';
import type { ResolvedSpec } from '../spec/schema/experiment.ts';
import type { Hyperparameters } from './define.ts';

/**
 * Everything that training changes, by name; a checkpoint is exactly this: `weights/…`,
 * `averages/…` (moving averages), `optimizer/<slot>/…`, `weighting/…`, `step` (int32, steps done),
 * `seed` (int32).
 */
export type State = Readonly<Record<string, tf.Tensor>>;

export interface StepBatch {
  /** By input name: float32 or int32 [batch, column]. */
  readonly inputs: Readonly<Record<string, tf.Tensor2D>>;
  /** By head: float32 [batch, column]. */
  readonly labels: Readonly<Record<string, tf.Tensor2D>>;
  /** By head: float32 [batch], 1 where the row has a label. */
  readonly present: Readonly<Record<string, tf.Tensor1D>>;
  /** float32 [batch]: sample weights. */
  readonly weights: tf.Tensor1D;
  /** float32 [batch]: 0 where a row only fills the batch up; `present` is 0 there, too. */
  readonly mask: tf.Tensor1D;
}

export interface StepRequest {
  readonly built: BuiltModel;
  readonly spec: Pick<ResolvedSpec, 'heads' | 'weighting' | 'training' | 'seed'>;
  readonly signature: Pick<DataSignature, 'targets'>;
  readonly replicate: number;
  readonly stepsPerEpoch: number;
  /** The tasks that count; the model's other heads ride along untrained. */
  readonly tasks: readonly string[];
}

export type StepResult = {
  readonly state: State;
  /** [task]: the mean loss over the labelled rows, before any weight. */
  readonly losses: tf.Tensor1D;
  /** [task]: the sum of the sample weights of the labelled rows. */
  readonly labelWeights: tf.Tensor1D;
};

export type Evaluation = {
  /** By head: [batch, column], in the unit that the model is trained on. */
  readonly predictions: Readonly<Record<string, tf.Tensor2D>>;
  /** [task]: the weighted sum of the rows' losses. */
  readonly lossSums: tf.Tensor1D;
  /** [task] */
  readonly labelWeights: tf.Tensor1D;
};

/** What is returned belongs to the caller; nothing that is given is disposed of. */
export interface Step {
  /** All heads of the model, in order: [task] below has one entry each. */
  readonly tasks: readonly string[];
  /** The numbers that may change without changing the step, by name. */
  readonly hyperparameters: Readonly<Record<string, number>>;
  initialState(): State;
  step(state: State, batch: StepBatch, hyper: Hyperparameters): StepResult;
  evaluate(state: State, batch: StepBatch, hyper: Hyperparameters): Evaluation;
  /** What changes while training, for the record: `learningRate`, `weight/<head>`. */
  gauges(state: State, hyper: Hyperparameters): Readonly<Record<string, tf.Scalar>>;
}
