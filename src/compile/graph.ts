/** @file A graph of TensorFlow as plain data: nodes, functions, and what is called from outside. */
import type { ElementType } from '../engine/index.ts';

export interface TensorValue {
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** `variant`: a list of tensors, inside a graph only. */
export type NodeType = ElementType | 'variant';

export type AttributeValue =
  | { readonly kind: 'type'; readonly value: NodeType }
  | { readonly kind: 'types'; readonly value: readonly NodeType[] }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: TensorValue }
  | { readonly kind: 'shape'; readonly value: readonly number[] }
  | { readonly kind: 'function'; readonly value: string };

export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface GraphNode {
  readonly name: string;
  readonly operation: string;
  /** In a function: `argument` or `node:output:index`; outside of one: `node:index`. */
  readonly inputs: readonly string[];
  readonly attributes: Attributes;
}

export interface Parameter {
  readonly name: string;
  readonly dtype: NodeType;
}

export interface GraphFunction {
  readonly name: string;
  readonly inputs: readonly Parameter[];
  readonly outputs: readonly (Parameter & { readonly from: string })[];
  readonly nodes: readonly GraphNode[];
  readonly attributes: Attributes;
}

export interface TensorReference {
  /** `node:index` */
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly number[];
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly functions: readonly GraphFunction[];
  /** What is called from outside: named tensors in, named tensors out. */
  readonly signature: {
    readonly inputs: Readonly<Record<string, TensorReference>>;
    readonly outputs: Readonly<Record<string, TensorReference>>;
  };
}

export const constant = (name: string, value: TensorValue): GraphNode => ({
  name,
  operation: 'Const',
  inputs: [],
  attributes: {
    dtype: { kind: 'type', value: value.dtype },
    value: { kind: 'tensor', value },
  },
});

export const integers = (
  values: readonly number[],
  shape: readonly number[] = [values.length],
): TensorValue => ({ dtype: 'int32', shape, values: Int32Array.from(values) });
