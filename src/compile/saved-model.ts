/** @file Writes a graph in TensorFlow's SavedModel format, field by field as its protos number them. */
import { PbfWriter } from 'pbf';
import type {
  Attributes,
  AttributeValue,
  Graph,
  GraphFunction,
  GraphNode,
  NodeType,
  Parameter,
  TensorReference,
  TensorValue,
} from './graph.ts';

/** tensorflow/core/framework/types.proto */
const types: Readonly<Record<NodeType, number>> = { float32: 1, int32: 3, bool: 10, variant: 21 };

/** What the graph's operations mean: TensorFlow 2.9 and later read it (versions.proto). */
const producer = 987;

/** The bytes of `saved_model.pb`: one graph with tag `serve` and signature `serving_default`. */
export function savedModel(graph: Graph): Uint8Array {
  const writer = new PbfWriter();
  writer.writeVarintField(1, 1);
  writer.writeMessage(2, writeMetaGraph, graph);
  return writer.finish();
}

/** A message whose fields `write` puts in. */
const message = (writer: PbfWriter, field: number, write: (inner: PbfWriter) => void): void =>
  writer.writeMessage(field, (_, inner) => write(inner), null);

/** An entry of a map: its key, and the value as `write` puts it into field 2. */
const entry = (
  writer: PbfWriter,
  field: number,
  key: string,
  write: (entry: PbfWriter) => void,
): void =>
  message(writer, field, (inner) => {
    inner.writeStringField(1, key);
    write(inner);
  });

function writeMetaGraph(graph: Graph, writer: PbfWriter): void {
  message(writer, 1, (info) => info.writeStringField(4, 'serve'));
  writer.writeMessage(2, writeGraph, graph);
  const { inputs, outputs } = graph.signature;
  entry(writer, 5, 'serving_default', (each) =>
    message(each, 2, (signature) => {
      for (const [name, tensor] of Object.entries(inputs)) writeInfo(signature, 1, name, tensor);
      for (const [name, tensor] of Object.entries(outputs)) writeInfo(signature, 2, name, tensor);
      signature.writeStringField(3, 'tensorflow/serving/predict');
    }),
  );
}

function writeInfo(writer: PbfWriter, field: number, key: string, tensor: TensorReference): void {
  const { name, dtype, shape } = tensor;
  entry(writer, field, key, (each) =>
    message(each, 2, (info) => {
      info.writeStringField(1, name);
      info.writeVarintField(2, types[dtype]);
      info.writeMessage(3, writeShape, shape);
    }),
  );
}

function writeGraph({ nodes, functions }: Graph, writer: PbfWriter): void {
  for (const node of nodes) writer.writeMessage(1, writeNode, node);
  message(writer, 2, (library) => {
    for (const each of functions) library.writeMessage(1, writeFunction, each);
  });
  message(writer, 4, (versions) => versions.writeVarintField(1, producer));
}

function writeFunction(graphFunction: GraphFunction, writer: PbfWriter): void {
  const { name, inputs, outputs, nodes, attributes } = graphFunction;
  message(writer, 1, (signature) => {
    signature.writeStringField(1, name);
    for (const each of inputs) signature.writeMessage(2, writeParameter, each);
    for (const each of outputs) signature.writeMessage(3, writeParameter, each);
  });
  for (const node of nodes) writer.writeMessage(3, writeNode, node);
  for (const { name: own, from } of outputs) {
    entry(writer, 4, own, (each) => each.writeStringField(2, from));
  }
  writeAttributes(attributes, writer);
}

function writeParameter({ name, dtype }: Parameter, writer: PbfWriter): void {
  writer.writeStringField(1, name);
  writer.writeVarintField(3, types[dtype]);
}

function writeNode({ name, operation, inputs, attributes }: GraphNode, writer: PbfWriter): void {
  writer.writeStringField(1, name);
  writer.writeStringField(2, operation);
  for (const input of inputs) writer.writeStringField(3, input);
  writeAttributes(attributes, writer);
}

function writeAttributes(attributes: Attributes, writer: PbfWriter): void {
  for (const [name, value] of Object.entries(attributes)) {
    entry(writer, 5, name, (each) => each.writeMessage(2, writeAttribute, value));
  }
}

function writeAttribute(attribute: AttributeValue, writer: PbfWriter): void {
  const { kind, value } = attribute;
  if (kind === 'string') writer.writeStringField(2, value);
  else if (kind === 'int') writer.writeVarintField(3, value);
  else if (kind === 'float') writer.writeFloatField(4, value);
  else if (kind === 'bool') writer.writeBooleanField(5, value);
  else if (kind === 'type') writer.writeVarintField(6, types[value]);
  else if (kind === 'shape') writer.writeMessage(7, writeShape, value);
  else if (kind === 'tensor') writer.writeMessage(8, writeTensor, value);
  else if (kind === 'function') message(writer, 10, (each) => each.writeStringField(1, value));
  else if (kind === 'ints') message(writer, 1, (list) => list.writePackedVarint(3, [...value]));
  else if (kind === 'types') {
    const numbers = value.map((each) => types[each]);
    message(writer, 1, (list) => list.writePackedVarint(6, numbers));
  } else attribute satisfies never;
}

function writeTensor({ dtype, shape, values }: TensorValue, writer: PbfWriter): void {
  writer.writeVarintField(1, types[dtype]);
  writer.writeMessage(2, writeShape, shape);
  const { buffer, byteOffset, byteLength } = values;
  writer.writeBytesField(4, new Uint8Array(buffer, byteOffset, byteLength));
}

function writeShape(shape: readonly number[], writer: PbfWriter): void {
  for (const size of shape) message(writer, 2, (axis) => axis.writeVarintField(1, size));
}
