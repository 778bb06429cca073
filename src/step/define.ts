/** @file The contracts of the kinds that a training step is made of. */
import type * as tf from '@tensorflow/tfjs';
import type { TObject } from 'typebox';
import type { Kind, OptionsOf } from '../spec/kind.ts';

/** Numbers that may change without changing a shape, as scalars: arguments of the step. */
export type Hyperparameters<Name extends string = string> = Readonly<Record<Name, tf.Scalar>>;

/** A loss of one task. */
export interface LossKind<Options extends TObject = TObject, Hyper extends string = string>
  extends Kind<Options> {
  /** Head kinds it fits. */
  readonly heads: readonly string[];
  /** 1 for a categorical likelihood, ½ for a Gaussian: uncertainty weighting's factor. */
  readonly likelihoodFactor: number;
  /** The activation that turns raw outputs into predictions where the head leaves it to the loss. */
  readonly activation?: string;
  /** Raw outputs (before the activation) and labels [batch, column] → the loss of each row [batch]. */
  perRow(raw: tf.Tensor2D, labels: tf.Tensor2D, hyper: Hyperparameters<Hyper>): tf.Tensor1D;
  /** Options that are passed as `hyper` (by their own names) and never frozen into a graph. */
  readonly hyperparameters: readonly Hyper[];
}
export const defineLoss = <O extends TObject, H extends string>(
  kind: LossKind<O, H>,
): LossKind<O, H> => kind;

/** What a metric sees of one head in one split: only the rows that have a label. All in float64. */
export interface MetricInput {
  /** The head's kind: a metric of several kinds asks it how columns are meant. */
  readonly head: string;
  readonly rows: number;
  readonly columns: number;
  /** [row, column] probabilities, or regression values in the target's own unit. */
  readonly predictions: Float64Array;
  /** [row, column] 0/1, one-hot, or values in the target's own unit. */
  readonly labels: Float64Array;
  /** [row] sample weights, or null for all 1. */
  readonly weights: Float64Array | null;
}
export interface MetricKind<Options extends TObject = TObject> extends Kind<Options> {
  /** Head kinds it fits. */
  readonly heads: readonly string[];
  readonly direction: 'minimize' | 'maximize';
  /** NaN where it is not defined (AUC with one class only). */
  compute(input: MetricInput, options: OptionsOf<Options>): number;
}
export const defineMetric = <O extends TObject>(kind: MetricKind<O>): MetricKind<O> => kind;

/** How a quantity changes over the epochs: a factor on its base value. */
export interface ScheduleKind<Options extends TObject = TObject, Hyper extends string = string>
  extends Kind<Options> {
  /** `epoch` is fractional (step / steps an epoch), `epochs` the length of the training. Scalars. */
  factor(
    progress: { epoch: tf.Scalar; epochs: tf.Scalar },
    hyper: Hyperparameters<Hyper>,
  ): tf.Scalar;
  readonly hyperparameters: readonly Hyper[];
}
export const defineSchedule = <O extends TObject, H extends string>(
  kind: ScheduleKind<O, H>,
): ScheduleKind<O, H> => kind;

/** An optimizer as a function of tensors. */
export interface OptimizerKind<Options extends TObject = TObject, Hyper extends string = string>
  extends Kind<Options> {
  /** Names of the slots, each shaped like the weight and zero at first unless `initialSlot` says more. */
  slots(options: OptionsOf<Options>): readonly string[];
  initialSlot?(options: OptionsOf<Options>, slot: string): number;
  /** One update of one weight. `step` counts from 1. Returns the new weight and slots. */
  update(
    weight: tf.Tensor,
    gradient: tf.Tensor,
    slots: Readonly<Record<string, tf.Tensor>>,
    step: tf.Scalar,
    hyper: Hyperparameters<Hyper>,
    options: OptionsOf<Options>,
  ): { weight: tf.Tensor; slots: Record<string, tf.Tensor> };
  /** Includes `learningRate`, which arrives with its schedule applied. */
  readonly hyperparameters: readonly Hyper[];
}
export const defineOptimizer = <O extends TObject, H extends string>(
  kind: OptimizerKind<O, H>,
): OptimizerKind<O, H> => kind;

export type WeightingState = Readonly<Record<string, tf.Tensor>>;
export interface WeightingContext<Hyper extends string = string> {
  readonly hyper: Hyperparameters<Hyper>;
  /** [task] each loss's likelihood factor. */
  readonly likelihoodFactors: tf.Tensor1D;
  readonly step: tf.Scalar;
  /** A fresh int32 scalar each step: the seed of whatever the weighting draws. */
  readonly random: tf.Scalar;
}

/**
 * How task losses become one update. All tensors are [task] unless said otherwise; losses arrive
 * multiplied by their heads' weights. Exactly one way is used:
 * - `losses`: `combine` gives the scalar to differentiate (fixed, uncertainty, RLW, geometric mean);
 * - `gradients`: `balance` sees the T x T Gram matrix of the tasks' gradients and answers with the
 *   factor of each task's gradient (MGDA, PCGrad, CAGrad, Nash-MTL, UPGrad, GradNorm, IMTL-G);
 * - `lossesAfter`: `combine`, and then `afterStep` with the same batch's losses after it (FAMO);
 * - `epochMeans`: `combine`, and `afterEpoch` with the mean losses of the epoch (DWA).
 */
export interface WeightingKind<Options extends TObject = TObject, Hyper extends string = string>
  extends Kind<Options> {
  readonly needs: 'losses' | 'gradients' | 'lossesAfter' | 'epochMeans';
  readonly hyperparameters: readonly Hyper[];
  /** The state at the start; it is checkpointed and travels with the step. */
  init(options: OptionsOf<Options>, tasks: readonly string[]): Record<string, tf.Tensor>;
  /** State entries that the optimizer trains along with the model's weights. */
  readonly learned: readonly string[];
  combine?(losses: tf.Tensor1D, state: WeightingState, context: WeightingContext<Hyper>): tf.Scalar;
  /** `gram` [task, task]: inner products of the tasks' gradients. */
  balance?(
    input: { losses: tf.Tensor1D; gram: tf.Tensor2D },
    state: WeightingState,
    context: WeightingContext<Hyper>,
  ): { factors: tf.Tensor1D; state: WeightingState };
  /** Which gradients the Gram matrix is of: all shared weights, or the shared representation. */
  readonly of?: 'shared' | 'representation';
  afterStep?(
    losses: { before: tf.Tensor1D; after: tf.Tensor1D },
    state: WeightingState,
    context: WeightingContext<Hyper>,
  ): WeightingState;
  afterEpoch?(
    meanLosses: tf.Tensor1D,
    state: WeightingState,
    context: WeightingContext<Hyper>,
  ): WeightingState;
  /** The weight each task has now, for the record: [task]. */
  weights?(state: WeightingState, likelihoodFactors: tf.Tensor1D): tf.Tensor1D;
}
export const defineWeighting = <O extends TObject, H extends string>(
  kind: WeightingKind<O, H>,
): WeightingKind<O, H> => kind;
