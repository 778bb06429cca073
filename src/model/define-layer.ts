/** @file The contract of a layer kind. */
import type * as tf from '@tensorflow/tfjs';
import type { TObject } from 'typebox';
import type { Kind, OptionsOf } from '../spec/kind.ts';

/** Axes after the batch: `[64]` for `[batch, 64]`. */
export type Shape = readonly number[];
export type ShapeResult =
  | { readonly ok: true; readonly shape: Shape }
  /** What would fit, and what came: `an input of rank 2`, `[batch, 64]`. */
  | {
      readonly ok: false;
      readonly expected: string;
      readonly came: string;
      readonly path?: readonly (string | number)[];
    };

export interface LayerContext {
  /** Unique in the model and the same in joint model and controls: `shared/0/dense`. */
  readonly name: string;
  /** A seed for the initializer of the named weight, from (seed, replicate, layer, weight). */
  readonly initializerSeed: (weight: string) => number;
  /** For layers made of layers: builds the inner ones under this layer's name. */
  readonly inner: (layers: readonly unknown[], input: tf.SymbolicTensor) => tf.SymbolicTensor;
}

export interface LayerKind<Options extends TObject = TObject> extends Kind<Options> {
  /** The output's shape without building anything, or why the layer does not fit. */
  outputShape(options: OptionsOf<Options>, input: Shape, shapeOf: InnerShape): ShapeResult;
  /** Applies standard tfjs layers only, so that the saved model loads in plain tfjs. */
  apply(
    options: OptionsOf<Options>,
    input: tf.SymbolicTensor,
    context: LayerContext,
  ): tf.SymbolicTensor;
  /** Options that are arguments of the step and not part of the graph (dropout's `rate`). */
  readonly hyperparameters?: readonly string[];
}
/** The shape after a list of inner layers. */
export type InnerShape = (layers: readonly unknown[], input: Shape) => ShapeResult;

/** Declares a layer kind. */
export function defineLayer<Options extends TObject>(kind: LayerKind<Options>): LayerKind<Options> {
  return kind;
}
