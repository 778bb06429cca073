/** @file A function run once for each item of a sequence, as one graph with a loop in it. */
import type { RecordedTensor } from '../engine/index.ts';
import {
  type AttributeValue,
  constant,
  type Graph,
  type GraphFunction,
  type GraphNode,
  integers,
  type Parameter,
} from './graph.ts';
import { lower } from './lower.ts';
import { type Collected, collectedIn, reserve, setItem, stack } from './tensor-list.ts';
import type { Trace } from './trace.ts';

/** Prefixes of the arguments and results of the traced function, and of the graph's inputs. */
export const prefixes = {
  carry: 'carry/',
  item: 'item/',
  items: 'items/',
  fixed: 'fixed/',
  out: 'out/',
} as const;

/** A tensor that goes round the loop. */
interface Loop {
  /** Of the argument, as it is called from outside. */
  readonly name: string;
  readonly parameter: Parameter & { readonly dtype: RecordedTensor['dtype'] };
  readonly shape: readonly number[];
}

/**
 * The graph of a scan. The trace's arguments are `carry/…`, `item/…` (one item) and `fixed/…`, its
 * results `carry/…` and `out/…`. The graph takes `begin` and `end` (int32 scalars), all of
 * `carry/…`, `fixed/…` and `items/…` ([count, …item]), and gives `carry/…` after the items from
 * `begin` to before `end`, and `out/…` ([count, …out], zero where no item ran).
 */
export function scanGraph(trace: Trace, count: number, withXla: boolean): Graph {
  const loops = loopsOf(trace, count);
  const lists = collectedIn(trace.results, prefixes.out);
  const parameters = [...loops, ...lists].map(({ parameter }) => parameter);
  const condition = conditionFunction(parameters);
  const body = bodyFunction(trace, loops, lists);
  const run = runFunction(loops, lists, count, withXla);
  const placeholders = loops.map(({ parameter, shape }, index) =>
    placeholder(`in${index}`, parameter, shape),
  );
  const call: GraphNode = {
    name: 'call',
    operation: 'StatefulPartitionedCall',
    inputs: loops.map((_, index) => `in${index}:0`),
    attributes: {
      Tin: typesOf(run.inputs),
      Tout: typesOf(run.outputs),
      f: { kind: 'function', value: run.name },
      // TensorFlow looks for it at the call, and at the function.
      ...run.attributes,
    },
  };
  const inputs = loops.map(({ name, parameter: { dtype }, shape }, index) => [
    name,
    { name: `in${index}:0`, dtype, shape },
  ]);
  const results = [
    ...loops
      .filter(isCarried)
      .map(({ name, parameter: { dtype }, shape }) => ({ name, dtype, shape })),
    ...lists.map(({ name, dtype, shape }) => ({ name, dtype, shape: [count, ...shape] })),
  ].map(({ name, dtype, shape }, index) => [name, { name: `call:${index}`, dtype, shape }]);
  return {
    nodes: [...placeholders, call],
    functions: [condition, body, run],
    signature: {
      inputs: Object.fromEntries(inputs),
      outputs: Object.fromEntries(results),
    },
  };
}

const typesOf = (parameters: readonly Parameter[]): AttributeValue => ({
  kind: 'types',
  value: parameters.map(({ dtype }) => dtype),
});

/** Only these are results: XLA would copy the items, if they were. */
const isCarried = ({ name }: Loop) => name.startsWith(prefixes.carry);

/** The loop's own index and bound, then every argument; of items, all of them. */
function loopsOf(trace: Trace, count: number): readonly Loop[] {
  const scalar = { dtype: 'int32', shape: [] } as const;
  const given = Object.entries(trace.arguments).map(([name, { dtype, shape }]) =>
    name.startsWith(prefixes.item)
      ? { name: itemsName(name), dtype, shape: [count, ...shape] }
      : { name, dtype, shape },
  );
  return [{ name: 'begin', ...scalar }, { name: 'end', ...scalar }, ...given].map(
    ({ name, dtype, shape }, index) => ({ name, shape, parameter: { name: `a${index}`, dtype } }),
  );
}

/** `item/rows` → `items/rows` */
const itemsName = (name: string) => prefixes.items + name.slice(prefixes.item.length);

const placeholder = (name: string, { dtype }: Parameter, shape: readonly number[]): GraphNode => ({
  name,
  operation: 'Placeholder',
  inputs: [],
  attributes: { dtype: { kind: 'type', value: dtype }, shape: { kind: 'shape', value: shape } },
});

const int32: AttributeValue = { kind: 'type', value: 'int32' };

function conditionFunction(inputs: readonly Parameter[]): GraphFunction {
  return {
    name: 'condition',
    inputs,
    outputs: [{ name: 'goesOn', dtype: 'bool', from: 'less:z:0' }],
    nodes: [{ name: 'less', operation: 'Less', inputs: ['a0', 'a1'], attributes: { T: int32 } }],
    attributes: {},
  };
}

function bodyFunction(
  trace: Trace,
  loops: readonly Loop[],
  lists: readonly Collected[],
): GraphFunction {
  const argument = (name: string) => {
    const at = loops.find((loop) => loop.name === name);
    if (!at) throw new Error(`internal: a loop without ${name}`);
    return at.parameter.name;
  };
  const items = Object.entries(trace.arguments).filter(([name]) => name.startsWith(prefixes.item));
  const slices = items.map(([name, tensor], index) => ({
    name,
    ...itemNodes(`item${index}`, argument(itemsName(name)), tensor),
  }));
  const references = Object.fromEntries([
    ...Object.keys(trace.arguments)
      .filter((name) => !name.startsWith(prefixes.item))
      .map((name) => [name, argument(name)]),
    ...slices.map(({ name, reference }) => [name, reference]),
  ]);
  const lowered = lower(trace, references);
  const result = (name: string) => lowered.results[name];
  const sets = lists.map((list) => setItem(list, 'a0', result(list.name) ?? ''));
  const next: GraphNode[] = [
    constant('one', integers([1], [])),
    { name: 'next', operation: 'AddV2', inputs: ['a0', 'one:output:0'], attributes: { T: int32 } },
  ];
  const carried = loops.map(({ name, parameter }, index) => ({
    dtype: parameter.dtype,
    from: index === 0 ? 'next:z:0' : (result(name) ?? parameter.name),
  }));
  const collected = sets.map(({ reference }) => ({ dtype: 'variant' as const, from: reference }));
  return {
    name: 'body',
    inputs: [...loops, ...lists].map(({ parameter }) => parameter),
    outputs: [...carried, ...collected].map((each, index) => ({ name: `o${index}`, ...each })),
    nodes: [
      ...next,
      ...slices.flatMap(({ nodes }) => nodes),
      ...lowered.nodes,
      ...sets.map(({ node }) => node),
    ],
    attributes: {},
  };
}

/** One item of [count, …item]: a slice of constant size, since XLA wants its shapes beforehand. */
function itemNodes(name: string, whole: string, { shape, dtype }: RecordedTensor) {
  const type: AttributeValue = { kind: 'type', value: dtype };
  const zeros = shape.map((_, axis) => constant(`${name}_zero${axis}`, integers([0], [])));
  const nodes: GraphNode[] = [
    ...zeros,
    {
      name: `${name}_begin`,
      operation: 'Pack',
      inputs: ['a0', ...zeros.map((zero) => `${zero.name}:output:0`)],
      attributes: { N: { kind: 'int', value: shape.length + 1 }, T: int32 },
    },
    constant(`${name}_size`, integers([1, ...shape])),
    {
      name: `${name}_slice`,
      operation: 'Slice',
      inputs: [whole, `${name}_begin:output:0`, `${name}_size:output:0`],
      attributes: { T: type, Index: int32 },
    },
    constant(`${name}_shape`, integers(shape)),
    {
      name,
      operation: 'Reshape',
      inputs: [`${name}_slice:output:0`, `${name}_shape:output:0`],
      attributes: { T: type, Tshape: int32 },
    },
  ];
  return { nodes, reference: `${name}:output:0` };
}

/** Makes the lists, runs the loop, and stacks what the lists hold. */
function runFunction(
  loops: readonly Loop[],
  lists: readonly Collected[],
  count: number,
  withXla: boolean,
): GraphFunction {
  const inputs = loops.map(({ parameter }) => parameter);
  const reserved = lists.map((list) => reserve(list, count));
  const stacked = lists.map((list, index) =>
    stack(list, `loop:output:${loops.length + index}`, count),
  );
  const loop: GraphNode = {
    name: 'loop',
    operation: 'StatelessWhile',
    inputs: [...inputs.map(({ name }) => name), ...reserved.map(({ reference }) => reference)],
    attributes: {
      T: typesOf([...loops, ...lists].map(({ parameter }) => parameter)),
      cond: { kind: 'function', value: 'condition' },
      body: { kind: 'function', value: 'body' },
    },
  };
  const carried = loops.flatMap((each, index) =>
    isCarried(each) ? [{ dtype: each.parameter.dtype, from: `loop:output:${index}` }] : [],
  );
  const collected = stacked.map(({ reference }, index) => ({
    dtype: lists[index]?.dtype ?? 'float32',
    from: reference,
  }));
  return {
    name: 'run',
    inputs,
    outputs: [...carried, ...collected].map((each, index) => ({ name: `r${index}`, ...each })),
    nodes: [
      ...reserved.flatMap(({ nodes }) => nodes),
      loop,
      ...stacked.flatMap(({ nodes }) => nodes),
    ],
    attributes: withXla ? { _XlaMustCompile: { kind: 'bool', value: true } } : {},
  };
}
