/** @file A trace as XLA takes it best: the same values but for rounding, from other operations. */
import type {
  RecordedAttribute,
  RecordedConstant,
  RecordedOperation,
  RecordedTensor,
} from '../engine/index.ts';
import type { Trace } from './trace.ts';

/** What stands for an operation: the last of them has its output. */
interface Made {
  readonly constants: readonly RecordedConstant[];
  readonly operations: readonly RecordedOperation[];
}
interface Context {
  shapeOf(id: number): readonly number[];
  /** A number that no tensor of the trace has. */
  fresh(): number;
}
type Rewrite = (operation: RecordedOperation, context: Context) => Made | undefined;

export function forXla(trace: Trace): Trace {
  const shapes = new Map<number, readonly number[]>();
  const outputs = trace.operations.flatMap((operation) => operation.outputs);
  for (const { id, shape } of [...Object.values(trace.arguments), ...trace.constants, ...outputs]) {
    shapes.set(id, shape);
  }
  let last = Math.max(-1, ...shapes.keys());
  const context = { shapeOf: (id: number) => shapes.get(id) ?? [], fresh: () => ++last };
  const constants: RecordedConstant[] = [...trace.constants];
  const operations = trace.operations.flatMap((operation) => {
    const made = rewrites[operation.name]?.(operation, context);
    if (!made) return [operation];
    constants.push(...made.constants);
    return made.operations;
  });
  return { ...trace, constants, operations };
}

/**
 * TensorFlow lowers some operations to XLA's by a pipeline of MLIR that it sets up for each of them,
 * 5 ms apiece, whether the program is in XLA's cache or not; others it lowers in 0.3 ms.
 */
const rewrites: Readonly<Record<string, Rewrite>> = {
  BatchMatMulV2: sumOfProducts,
  IsNan: ({ inputs: [x = -1], outputs, context }) => ({
    constants: [],
    operations: [{ name: 'NotEqual', attributes: [], inputs: [x, x], outputs, context }],
  }),
  Relu: ({ inputs, outputs, context }, { fresh }) => {
    if (outputs[0]?.dtype !== 'float32') return undefined;
    const zero = constant(fresh(), [], Float32Array.of(0), context);
    const inputsAndZero = [...inputs, zero.id];
    return {
      constants: [zero],
      operations: [{ name: 'Maximum', attributes: [], inputs: inputsAndZero, outputs, context }],
    };
  },
  // It broadcasts, where `Select` takes a vector as a choice of rows.
  Select: (operation, { shapeOf }) => {
    const [condition = [], x = []] = operation.inputs.map(shapeOf);
    if (String(condition) !== String(x)) return undefined;
    return { constants: [], operations: [{ ...operation, name: 'SelectV2' }] };
  },
};

function constant(
  id: number,
  shape: readonly number[],
  values: Float32Array | Int32Array,
  context: string,
): RecordedConstant {
  const dtype = values instanceof Int32Array ? 'int32' : 'float32';
  return { id, shape, dtype, values, context, drawnBy: null };
}

/** Elements of x or y, the larger, from which on it is faster; with fewer it is no slower as it was. */
const smallest = 2048;

const size = (shape: readonly number[]) => shape.reduce((product, axis) => product * axis, 1);

/**
 * The gradient of a kernel with one row or column is a product that is a vector: xᵀ·y, [..., rows,
 * n]ᵀ·[..., rows, m], where n or m is 1. XLA fuses what makes x into it and then walks down x's
 * columns, row by row: of a step with 256 rows and two heads of one unit that is 5 %, of one with
 * 1,024 rows 13 %. As a sum of products it goes along the rows.
 */
function sumOfProducts(
  { inputs, outputs, attributes, context }: RecordedOperation,
  { shapeOf, fresh }: Context,
): Made | undefined {
  const [output] = outputs;
  const [x = [], y = []] = inputs.map(shapeOf);
  const [rows = 1, n = 1, m = 1] = [x.at(-2), x.at(-1), y.at(-1)];
  const isSet = (flag: string) => attributes.some(({ name, value }) => name === flag && value);
  const isNarrow = isSet('adj_x') && !isSet('adj_y') && (n === 1 || m === 1);
  if (!output || !isNarrow || Math.max(size(x), size(y)) < smallest) return undefined;
  const { shape, dtype } = output;
  const outer = shape.slice(0, -2);
  const columns = Math.max(n, m);
  const product: RecordedTensor = { id: fresh(), shape: [...outer, rows, columns], dtype };
  const sum: RecordedTensor = { id: fresh(), shape: [...outer, columns], dtype };
  const axis = constant(fresh(), [1], Int32Array.of(outer.length), context);
  const target = constant(fresh(), [shape.length], Int32Array.from(shape), context);
  const flat: RecordedAttribute = { name: 'keep_dims', kind: 'bool', value: false };
  const plain = { attributes: [], context };
  return {
    constants: [axis, target],
    operations: [
      { ...plain, name: 'Mul', inputs, outputs: [product] },
      { ...plain, name: 'Sum', inputs: [product.id, axis.id], outputs: [sum], attributes: [flat] },
      { ...plain, name: 'Reshape', inputs: [sum.id, target.id], outputs: [output] },
    ],
  };
}
