/** @file What data looks like to a model: its inputs and targets, and the splits as typed arrays. */
import type { Choice } from '../spec/kind.ts';

/** One input of the model. */
export type InputSignature =
  /** Scaled numbers and one-hot columns: float32 [batch, width]. */
  | { readonly kind: 'dense'; readonly name: 'features'; readonly width: number }
  /**
   * Codes of several category columns for one embedding table: int32 [batch, columns], every column
   * with its own range of codes in 0 … vocabulary - 1.
   */
  | {
      readonly kind: 'codes';
      /** `embedding_0`, `embedding_1`, … : one for each feature group with `encode: embedding`. */
      readonly name: string;
      readonly columns: number;
      readonly vocabulary: number;
      /** The options of the `embedding` encoding: outputDim, embeddingsInitializer, … */
      readonly embedding: Readonly<Record<string, unknown>>;
    };

/** How a regression target was transformed for training, to be undone in metrics and predictions. */
export type TargetTransform =
  | { readonly kind: 'none' }
  | { readonly kind: 'log1p' }
  | { readonly kind: 'standardize'; readonly mean: number; readonly deviation: number };

/** The target of one head. */
export interface TargetSignature {
  /** Columns of the label array: 1, but the number of classes or labels for multiclass, multilabel. */
  readonly columns: number;
  /** Class names: [negative, positive] for binary, all for multiclass, the columns for multilabel. */
  readonly classes: readonly string[] | null;
  readonly transform: TargetTransform;
  /** Weight of each class (multiclass: by class; binary: [negative, positive]), or null. */
  readonly classWeights: readonly number[] | null;
}

export interface DataSignature {
  readonly inputs: readonly InputSignature[];
  readonly targets: Readonly<Record<string, TargetSignature>>;
}

/** One input of one split, row by row. */
export interface InputArray {
  readonly values: Float32Array | Int32Array;
  readonly columns: number;
}

/** The labels of one head in one split. */
export interface LabelArray {
  /** [row, column], 0/1 or one-hot or the transformed number; 0 where the label is missing. */
  readonly values: Float32Array;
  readonly columns: number;
  /** [row] 1 where there is a label, else 0. */
  readonly present: Uint8Array;
}

export interface Split {
  readonly rows: number;
  /** The row's number in the table, before splitting. */
  readonly rowNumbers: Int32Array;
  readonly inputs: Readonly<Record<string, InputArray>>;
  readonly labels: Readonly<Record<string, LabelArray>>;
  /** Sample weights [row], or null for all 1. */
  readonly weights: Float32Array | null;
}

export type SplitName = 'train' | 'validation' | 'test';

/** Everything a trial needs of the data, as it lies in the cache. */
export interface PreparedData {
  readonly signature: DataSignature;
  /** The fitted preprocessing, plain JSON: saved with each model, applied again by `predict`. */
  readonly preprocessing: Readonly<Record<string, unknown>>;
  readonly splits: {
    readonly train: Split;
    readonly validation: Split;
    readonly test: Split | null;
  };
}

/** The value a head's `encode` choice may have; kept here so that spec/ need not know it. */
export type EncodingChoice = Choice;
