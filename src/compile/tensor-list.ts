/** @file What a loop collects, one entry an item: TensorFlow's lists of tensors. */
import type { ElementType, RecordedTensor } from '../engine/index.ts';
import {
  type AttributeValue,
  constant,
  type GraphNode,
  integers,
  type Parameter,
} from './graph.ts';

/** One result of the loop's body that is kept for every item. */
export interface Collected {
  readonly name: string;
  /** The list, as it goes round the loop. */
  readonly parameter: Parameter;
  readonly dtype: ElementType;
  /** Of one entry. */
  readonly shape: readonly number[];
}

export const collectedIn = (
  results: Readonly<Record<string, RecordedTensor>>,
  prefix: string,
): readonly Collected[] =>
  Object.entries(results)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, { dtype, shape }], index) => ({
      name,
      parameter: { name: `list${index}`, dtype: 'variant' },
      dtype,
      shape,
    }));

const type = (value: ElementType): AttributeValue => ({ kind: 'type', value });

/** A list of `count` zeros. */
export function reserve({ parameter: { name }, dtype, shape }: Collected, count: number) {
  const nodes: readonly GraphNode[] = [
    constant(`${name}_shape`, integers(shape)),
    constant(`${name}_count`, integers([count], [])),
    {
      name: `${name}_reserve`,
      operation: 'TensorListReserve',
      inputs: [`${name}_shape:output:0`, `${name}_count:output:0`],
      attributes: { element_dtype: type(dtype), shape_type: type('int32') },
    },
  ];
  return { nodes, reference: `${name}_reserve:handle:0` };
}

/** The list with its entry number `index` set. */
export function setItem({ parameter: { name }, dtype }: Collected, index: string, item: string) {
  const node: GraphNode = {
    name: `${name}_set`,
    operation: 'TensorListSetItem',
    inputs: [name, index, item],
    attributes: { element_dtype: type(dtype) },
  };
  return { node, reference: `${name}_set:output_handle:0` };
}

/** The list as one tensor: [count, …shape]. */
export function stack({ parameter: { name }, dtype }: Collected, list: string, count: number) {
  const nodes: readonly GraphNode[] = [
    {
      name: `${name}_stack`,
      operation: 'TensorListStack',
      inputs: [list, `${name}_shape:output:0`],
      attributes: { element_dtype: type(dtype), num_elements: { kind: 'int', value: count } },
    },
  ];
  return { nodes, reference: `${name}_stack:tensor:0` };
}
