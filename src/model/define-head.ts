/** @file The contract of a head kind: what a task predicts and what goes with it. */
import type { TObject } from 'typebox';
import type { Kind } from '../spec/kind.ts';

export interface HeadKind<Options extends TObject = TObject> extends Kind<Options> {
  readonly defaultLoss: string;
  readonly defaultMetrics: readonly string[];
  /** The output's activation; 'loss': the loss decides (regression: linear, softplus for poisson). */
  readonly activation: 'sigmoid' | 'softmax' | 'loss';
}

/** Declares a head kind. */
export const defineHead = <O extends TObject>(kind: HeadKind<O>): HeadKind<O> => kind;
