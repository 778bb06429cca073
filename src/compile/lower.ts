/** @file A trace as the nodes of a TensorFlow function. */
import type { ElementType, RecordedAttribute, RecordedOperation } from '../engine/index.ts';
import {
  type Attributes,
  type AttributeValue,
  constant,
  type GraphNode,
  integers,
  type TensorValue,
} from './graph.ts';
import { type Rule, rules } from './rules.ts';
import { isUniform, type Trace } from './trace.ts';

export interface Lowered {
  readonly nodes: readonly GraphNode[];
  /** Where each result comes from, as inputs of nodes are written. */
  readonly results: Readonly<Record<string, string>>;
}

/** `references`: what stands for each argument inside the function, by the argument's name. */
export function lower(trace: Trace, references: Readonly<Record<string, string>>): Lowered {
  const places = new Map<number, { reference: string; dtype: ElementType }>();
  for (const [name, { id, dtype }] of Object.entries(trace.arguments)) {
    places.set(id, { reference: references[name] ?? missing(`argument "${name}"`), dtype });
  }
  const at = (id: number) => places.get(id) ?? missing(`tensor ${id}`);
  const constants = trace.constants.flatMap((each, index) => {
    const { nodes, reference } = constantNodes(`c${index}`, each);
    places.set(each.id, { reference, dtype: each.dtype });
    return nodes;
  });
  const operations = trace.operations.map((operation, index) => {
    const name = `n${index}`;
    const rule = rules[operation.name] ?? missing(`rule of ${operation.name}`);
    const inputs = operation.inputs.map(at);
    for (const [output, { id, dtype }] of operation.outputs.entries()) {
      places.set(id, { reference: `${name}:${outputName(rule, output)}`, dtype });
    }
    return {
      name,
      operation: operation.name,
      inputs: inputs.map(({ reference }) => reference),
      attributes: attributesOf(
        operation,
        rule,
        inputs.map(({ dtype }) => dtype),
      ),
    };
  });
  const results = Object.entries(trace.results).map(([name, { id }]) => [name, at(id).reference]);
  return { nodes: [...constants, ...operations], results: Object.fromEntries(results) };
}

/** Equal values are one value and a shape: XLA would keep and fold each element of a constant. */
function constantNodes(name: string, value: TensorValue) {
  const { shape, values, dtype } = value;
  if (values.length < 2 || !isUniform(values)) {
    return { nodes: [constant(name, value)], reference: `${name}:output:0` };
  }
  const nodes: readonly GraphNode[] = [
    constant(`${name}_shape`, integers(shape)),
    constant(`${name}_value`, { dtype, shape: [], values: values.slice(0, 1) }),
    {
      name,
      operation: 'Fill',
      inputs: [`${name}_shape:output:0`, `${name}_value:output:0`],
      attributes: {
        T: { kind: 'type', value: dtype },
        index_type: { kind: 'type', value: 'int32' },
      },
    },
  ];
  return { nodes, reference: `${name}:output:0` };
}

function outputName({ outputs }: Rule, index: number): string {
  const [only = ''] = outputs;
  if (only.endsWith('*')) return `${only.slice(0, -1)}:${index}`;
  return `${outputs[index] ?? missing(`output ${index}`)}:0`;
}

/** Recorded ones, and the element types that an eager call may leave out. */
function attributesOf(
  operation: RecordedOperation,
  rule: Rule,
  inputs: readonly ElementType[],
): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  const [first] = rule.inputs;
  const [count, listed] = first?.includes('*') ? first.split('*') : [undefined, undefined];
  if (count && listed) {
    attributes[count] = { kind: 'int', value: inputs.length - rule.inputs.length + 1 };
  }
  const own = listed ? rule.inputs.with(0, listed) : rule.inputs;
  const skipped = inputs.length - own.length;
  for (const [index, name] of own.entries()) {
    // A list comes first, so that what follows it is counted from the end.
    const dtype = inputs[index === 0 ? 0 : index + skipped];
    if (name && dtype) attributes[name] = { kind: 'type', value: dtype };
  }
  for (const each of operation.attributes) {
    attributes[each.name] = recorded(each) ?? missing(`attribute ${operation.name}.${each.name}`);
  }
  return attributes;
}

function recorded({ kind, value }: RecordedAttribute): AttributeValue | undefined {
  if (kind === 'type') return { kind, value: value as ElementType };
  if (kind === 'int' && Array.isArray(value)) return { kind: 'ints', value: value.map(Number) };
  if (kind === 'int' || kind === 'float') return { kind, value: Number(value) };
  if (kind === 'bool') return { kind, value: Boolean(value) };
  if (kind === 'string') return { kind, value: String(value) };
  return undefined;
}

function missing(what: string): never {
  throw new Error(`internal: a trace without its ${what}`);
}
