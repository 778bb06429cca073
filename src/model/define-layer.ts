/** @file The contract of a layer kind. */
import type * as tf from '@tensorflow/tfjs';
import type { TObject } from 'typebox';
import type { Choice, Kind, OptionsOf } from '../spec/kind.ts';
import type { Path } from '../spec/problem.ts';

/** Axes after the batch: `[64]` for `[batch, 64]`. */
export type Shape = readonly number[];
export type ShapeResult =
  | { readonly ok: true; readonly shape: Shape }
  | {
      readonly ok: false;
      /** What would fit: `an output of [batch, 64], as wide as the input`. */
      readonly expected: string;
      /** What came: `[batch, 32]`. */
      readonly came: string;
      /** Below the layer, for a layer made of layers. */
      readonly path?: Path;
    };

/** The shape after a list of inner layers. */
export type InnerShape = (layers: readonly Choice[], input: Shape) => ShapeResult;

export interface LayerContext {
  /** Unique in the model and the same in joint model and controls: `shared/0/dense`. */
  readonly name: string;
  /** A seed for the initializer of the named weight, from (seed, replicate, layer, weight). */
  readonly seedOf: (weight: string) => number;
  /** For layers made of layers: builds the inner ones under this layer's name. */
  readonly inner: (layers: readonly Choice[], input: tf.SymbolicTensor) => tf.SymbolicTensor;
}

export interface LayerKind<Options extends TObject = TObject> extends Kind<Options> {
  /** The output's shape without building anything, or why the layer does not fit. */
  outputShape(options: OptionsOf<Options>, input: Shape, shapeOf: InnerShape): ShapeResult;
  /** Standard tfjs layers only, so that the saved model loads in plain tfjs. */
  apply(
    options: OptionsOf<Options>,
    input: tf.SymbolicTensor,
    context: LayerContext,
  ): tf.SymbolicTensor;
  /** Options that are arguments of the step and not frozen into a graph (dropout's `rate`). */
  readonly hyperparameters?: readonly string[];
}

/** Declares a layer kind. */
export const defineLayer = <Options extends TObject>(
  kind: LayerKind<Options>,
): LayerKind<Options> => kind;

/** `[batch, 64]` */
export const formatShape = (shape: Shape) => `[${['batch', ...shape].join(', ')}]`;

/** What tfjs gives back for one input. */
export function single(
  output: tf.SymbolicTensor | tf.SymbolicTensor[] | tf.Tensor | tf.Tensor[],
): tf.SymbolicTensor {
  if (Array.isArray(output) || !('sourceLayer' in output)) {
    throw new Error('internal: a layer gave something else than one symbolic tensor');
  }
  return output;
}
