/** @file The contract of a sharing kind: how the tasks share the trunk. */
import type * as tf from '@tensorflow/tfjs';
import type { TObject } from 'typebox';
import type { Choice, Kind, OptionsOf } from '../spec/kind.ts';

export interface TrunkBuilder {
  /** All inputs of the model, joined: [batch, feature]. */
  readonly input: tf.SymbolicTensor;
  readonly tasks: readonly string[];
  /** `shared.layers`. */
  readonly layers: readonly Choice[];
  /** Applies a stack of layers under a name of its own: `shared`, `shared/expert0`, … */
  stack(name: string, layers: readonly Choice[], input: tf.SymbolicTensor): tf.SymbolicTensor;
}

export interface SharingKind<Options extends TObject = TObject> extends Kind<Options> {
  /** The input of each task's own layers. What two tasks both depend on is shared. */
  connect(
    options: OptionsOf<Options>,
    trunk: TrunkBuilder,
  ): Readonly<Record<string, tf.SymbolicTensor>>;
}

/** Declares a sharing kind. */
export const defineSharing = <O extends TObject>(kind: SharingKind<O>): SharingKind<O> => kind;
