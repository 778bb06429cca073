/** @file Native TensorFlow below tfjs: what a function runs, recorded; and graphs, loaded and run. */
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as tfjs from '@tensorflow/tfjs';

/** Element types, as tfjs names them. */
export type ElementType = 'float32' | 'int32' | 'bool';

export interface RecordedTensor {
  /** Of the native tensor; unique in a recording. */
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: ElementType;
}
export interface RecordedAttribute {
  readonly name: string;
  readonly kind: 'type' | 'int' | 'bool' | 'float' | 'string' | 'other';
  readonly value: unknown;
}
export interface RecordedOperation {
  /** As TensorFlow names it. */
  readonly name: string;
  readonly attributes: readonly RecordedAttribute[];
  readonly inputs: readonly number[];
  readonly outputs: readonly RecordedTensor[];
  /** What `context` said when it ran. */
  readonly context: string;
}
/** A tensor that was made in JavaScript while the function ran. */
export interface RecordedConstant extends RecordedTensor {
  readonly values: Float32Array | Int32Array | Uint8Array;
  readonly context: string;
  /** The function of tfjs or of ours that drew it at random, if one did. */
  readonly drawnBy: string | null;
}
export interface Recording {
  readonly arguments: readonly RecordedTensor[];
  readonly constants: readonly RecordedConstant[];
  readonly operations: readonly RecordedOperation[];
  readonly results: readonly RecordedTensor[];
  /** Contexts in which a value was read back into JavaScript, which a graph cannot follow. */
  readonly reads: readonly string[];
}

interface Metadata {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: number;
}
type Attribute = { readonly name: string; readonly type: number; readonly value: unknown };
type Values = Float32Array | Int32Array | Uint8Array;

/** What of tfjs-node's binding is used; it has no published type. */
interface Binding {
  readonly [constant: `TF_${string}`]: number;
  executeOp(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
    outputs: number,
  ): readonly Metadata[];
  createTensor(shape: readonly number[], dtype: number, values: Values): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Values;
}
interface Backend {
  binding: Binding;
  getInputTensorIds(tensors: readonly tfjs.TensorInfo[]): number[];
}

const require = createRequire(import.meta.url);
const tf: typeof tfjs = require('@tensorflow/tfjs');

/** Set by `loadEngine`: tfjs-node's own functions beside tfjs. */
let native: { readonly node: Pick<typeof import('@tensorflow/tfjs-node').node, 'loadSavedModel'> };
export function keepNative(module: typeof native): void {
  native = module;
}
export const keptNative = (): typeof native => native;

/** Whether this process computes with native TensorFlow. */
export const hasNative = (): boolean => tf.getBackend() === 'tensorflow';

/**
 * Runs a function of tensors once, and tells which of TensorFlow's operations it ran. `context`
 * names the place in the model at any moment. The function's results are disposed of.
 */
export function recordOperations(
  inputs: readonly tfjs.Tensor[],
  run: () => readonly tfjs.Tensor[],
  context: () => string,
): Recording {
  const backend = tf.backend() as unknown as Backend;
  const { binding } = backend;
  const types = typeNames(binding);
  const described = (tensor: tfjs.Tensor): RecordedTensor => {
    const [id = -1] = backend.getInputTensorIds([tensor]);
    return { id, shape: tensor.shape, dtype: tensor.dtype as ElementType };
  };
  const given = inputs.map(described);
  const constants: RecordedConstant[] = [];
  const operations: RecordedOperation[] = [];
  const reads: string[] = [];
  const deleted: number[] = [];
  const shadow: Partial<Binding> = {
    executeOp(name, attributes, ids, count) {
      const outputs = binding.executeOp(name, attributes, ids, count);
      operations.push({
        name,
        attributes: attributes.map((each) => attributeOf(binding, each)),
        inputs: [...ids],
        outputs: outputs.map(({ id, shape, dtype }) => ({ id, shape, dtype: types(dtype) })),
        context: context(),
      });
      return outputs;
    },
    createTensor(shape, dtype, values) {
      const id = binding.createTensor(shape, dtype, values);
      const kept = { shape: [...shape], dtype: types(dtype), values: values.slice() };
      constants.push({ id, ...kept, context: context(), drawnBy: random.by(values) });
      return id;
    },
    // Later: an id must not be given out twice in one recording.
    deleteTensor: (id) => void deleted.push(id),
    tensorDataSync(id) {
      reads.push(context());
      return binding.tensorDataSync(id);
    },
  };
  const shadowed = Object.entries(shadow).map(([name, value]) => [name, { value }]);
  const random = watchRandom();
  try {
    backend.binding = Object.create(binding, Object.fromEntries(shadowed));
    let results: readonly RecordedTensor[] = [];
    tf.tidy(() => {
      results = run().map(described);
    });
    return { arguments: given, constants, operations, results, reads };
  } finally {
    random.stop();
    backend.binding = binding;
    for (const id of deleted) binding.deleteTensor(id);
  }
}

function typeNames(binding: Binding): (dtype: number) => ElementType {
  const names = new Map<number | undefined, ElementType>([
    [binding.TF_FLOAT, 'float32'],
    [binding.TF_INT32, 'int32'],
    [binding.TF_BOOL, 'bool'],
  ]);
  return (dtype) => {
    const name = names.get(dtype);
    if (!name) throw new UnknownType(`an element type (${dtype}) that no step uses`);
    return name;
  };
}

/** A tensor of strings, complex or 64-bit numbers. */
export class UnknownType extends Error {}

function attributeOf(binding: Binding, { name, type, value }: Attribute): RecordedAttribute {
  const kinds: Readonly<Record<string, RecordedAttribute['kind']>> = {
    [String(binding.TF_ATTR_TYPE)]: 'type',
    [String(binding.TF_ATTR_INT)]: 'int',
    [String(binding.TF_ATTR_BOOL)]: 'bool',
    [String(binding.TF_ATTR_FLOAT)]: 'float',
    [String(binding.TF_ATTR_STRING)]: 'string',
  };
  const kind = kinds[String(type)] ?? 'other';
  if (kind !== 'type') return { name, kind, value };
  return { name, kind, value: typeNames(binding)(Number(value)) };
}

/**
 * Notices who draws random numbers in JavaScript: tfjs's own functions by the names on the stack
 * where their values are handed to the backend, others by `Math.random`.
 */
function watchRandom() {
  // tfjs names the function behind `tf.randomNormal` `randomNormal_`.
  const drawers = /\b(rand\w*|truncatedNormal|dropout)_ /;
  const { random } = Math;
  const backend = tf.backend();
  const { write } = backend;
  const drawn = new WeakMap<object, string>();
  let fromMath = false;
  Math.random = () => {
    fromMath = true;
    return random();
  };
  backend.write = function watched(values, shape, dtype) {
    const stack = stackText();
    const drawer = drawers.exec(stack)?.[1];
    if (drawer) drawn.set(values, `tf.${drawer}`);
    else if (fromMath) drawn.set(values, 'Math.random');
    fromMath = false;
    return write.call(backend, values, shape, dtype);
  };
  return {
    by: (values: Values) => drawn.get(values) ?? null,
    stop() {
      Math.random = random;
      backend.write = write;
    },
  };
}

function stackText(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 12;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return stack;
}

/** A graph in TensorFlow's memory. */
export interface LoadedGraph {
  /** The caller keeps the inputs and gets the outputs. */
  run(inputs: tfjs.NamedTensorMap): tfjs.NamedTensorMap;
  [Symbol.dispose](): void;
}

/** Loads a SavedModel (tag `serve`, signature `serving_default`), and removes its folder. */
export async function loadGraph(folder: string): Promise<LoadedGraph> {
  try {
    const model = await native.node.loadSavedModel(folder);
    return {
      // By name in, by name out.
      run: (inputs) => model.predict(inputs) as tfjs.NamedTensorMap,
      [Symbol.dispose]: () => model.dispose(),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
