/** @file When a trial has seen enough: watches metrics over the epochs and remembers the best one. */
import type { TrainingSpec } from '../spec/schema/experiment.ts';

export type Direction = 'minimize' | 'maximize';

/** Plain data, kept in the checkpoint. */
export interface StoppingState {
  /** The watched metrics at the first epoch, which relative improvements refer to. */
  readonly first: readonly number[];
  /** Higher is better; null before the first epoch. */
  readonly bestScore: number | null;
  readonly bestEpoch: number;
  /** Epochs since the last improvement of at least `minDelta`. */
  readonly waited: number;
  /** The score that `minDelta` is measured from. */
  readonly reference: number | null;
}

export const initialStopping: StoppingState = {
  first: [],
  bestScore: null,
  bestEpoch: 0,
  waited: 0,
  reference: null,
};

/** Without early stopping the best epoch is still looked for, but training goes on to its end. */
export interface StoppingRule {
  readonly metrics: readonly { readonly name: string; readonly direction: Direction }[];
  readonly patience: number;
  readonly minDelta: number;
  readonly restoreBestWeights: boolean;
}

/** The rule of a spec; `directionOf` knows each metric's direction (losses: minimize). */
export function stoppingRule(
  training: TrainingSpec,
  directionOf: (metric: string) => Direction,
): StoppingRule {
  const { earlyStopping } = training;
  const names = earlyStopping?.metric ?? ['validation/loss'];
  return {
    metrics: names.map((name) => ({ name, direction: directionOf(name) })),
    patience: earlyStopping?.patience ?? Number.POSITIVE_INFINITY,
    minDelta: earlyStopping?.minDelta ?? 0,
    restoreBestWeights: earlyStopping?.restoreBestWeights ?? true,
  };
}

/** Takes one epoch's metrics: whether it is the best so far, and whether to stop after it. */
export function watchEpoch(
  rule: StoppingRule,
  state: StoppingState,
  epoch: number,
  metrics: Readonly<Record<string, number>>,
): { state: StoppingState; isBest: boolean; shouldStop: boolean } {
  const signed = rule.metrics.map(
    ({ name, direction }) => (metrics[name] ?? Number.NaN) * (direction === 'maximize' ? 1 : -1),
  );
  const first = state.first.length > 0 || signed.some(Number.isNaN) ? state.first : signed;
  const score = scoreOf(signed, first);
  const isBest = score > (state.bestScore ?? Number.NEGATIVE_INFINITY) || state.bestEpoch === 0;
  const hasImproved = score > (state.reference ?? Number.NEGATIVE_INFINITY) + rule.minDelta;
  const waited = hasImproved ? 0 : state.waited + 1;
  return {
    isBest,
    shouldStop: waited > 0 && waited >= rule.patience,
    state: {
      first,
      bestScore: isBest && !Number.isNaN(score) ? score : state.bestScore,
      bestEpoch: isBest ? epoch : state.bestEpoch,
      waited,
      reference: hasImproved ? score : state.reference,
    },
  };
}

/** One metric counts as it is; of several, the mean relative improvement since the first epoch. */
function scoreOf(signed: readonly number[], first: readonly number[]): number {
  const [only] = signed;
  if (only === undefined) throw new Error('internal: early stopping without a metric');
  if (signed.length === 1) return only;
  const gains = signed.map((value, index) => {
    const start = first[index] ?? Number.NaN;
    return (value - start) / Math.max(Math.abs(start), 1e-12);
  });
  return gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
}
