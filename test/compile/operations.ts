/** @file One small function for each of TensorFlow's operations that a step may use. */
import { tf } from './native.ts';

type Tensors = Readonly<Record<string, tf.Tensor>>;
/** What every function may use: float32 [3, 4] above 0 and below 1, int32 and bool of the same shape. */
export interface Given extends Tensors {
  readonly x: tf.Tensor2D;
  readonly y: tf.Tensor2D;
  readonly i: tf.Tensor2D;
  readonly b: tf.Tensor2D;
  /** [1, 4, 4, 2] and filters [2, 2, 2, 3]. */
  readonly image: tf.Tensor4D;
  readonly filter: tf.Tensor4D;
}

export const given = (): Given => ({
  x: tf.tensor2d([0.1, 0.9, 0.3, 0.7, 0.2, 0.8, 0.45, 0.55, 0.15, 0.85, 0.35, 0.65], [3, 4]),
  y: tf.tensor2d([0.6, 0.3, 0.35, 0.25, 0.9, 0.1, 0.5, 0.4, 0.95, 0.05, 0.3, 0.7], [3, 4]),
  i: tf.tensor2d([0, 2, 1, 0, 2, 2, 1, 0, 1, 2, 0, 1], [3, 4], 'int32'),
  b: tf.tensor2d([0, 1, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1], [3, 4], 'bool'),
  image: tf.tensor4d(
    Array.from({ length: 32 }, (_, index) => Math.sin(index)),
    [1, 4, 4, 2],
  ),
  filter: tf.tensor4d(
    Array.from({ length: 24 }, (_, index) => Math.cos(index)),
    [2, 2, 2, 3],
  ),
});

const conv = (image: tf.Tensor, filter: tf.Tensor) =>
  tf.conv2d(image as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same');
const depthwise = (image: tf.Tensor, filter: tf.Tensor) =>
  tf.depthwiseConv2d(image as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same');
const sumOf = (tensor: tf.Tensor) => tf.sum(tf.square(tensor)).asScalar();

/** By the name of the operation that it is there for. */
export const functions: Readonly<Record<string, (each: Given) => tf.Tensor>> = {
  Abs: ({ x }) => tf.abs(tf.neg(x)),
  Acos: ({ x }) => tf.acos(x),
  Acosh: ({ x }) => tf.acosh(tf.add(x, 1)),
  Add: ({ x, y }) => tf.add(x, y),
  AddN: ({ x, y }) => tf.addN([x, y, x]),
  All: ({ b }) => tf.all(b, 1),
  Any: ({ b }) => tf.any(b, 1),
  ArgMax: ({ x }) => tf.argMax(x, 1),
  ArgMin: ({ x }) => tf.argMin(x, 1),
  Asin: ({ x }) => tf.asin(x),
  Asinh: ({ x }) => tf.asinh(x),
  Atan: ({ x }) => tf.atan(x),
  Atan2: ({ x, y }) => tf.atan2(x, y),
  Atanh: ({ x }) => tf.atanh(x),
  AvgPool: ({ image }) => tf.avgPool(image, 2, 2, 'valid'),
  AvgPoolGrad: ({ image }) =>
    tf.grad((each) => sumOf(tf.avgPool(each as tf.Tensor4D, 2, 2, 'valid')))(image),
  BatchMatMulV2: ({ x, y }) => tf.matMul(x, y, false, true),
  BitwiseAnd: ({ i }) => tf.bitwiseAnd(i, tf.onesLike(i)),
  Cast: ({ x }) => tf.cast(tf.mul(x, 10), 'int32'),
  Ceil: ({ x }) => tf.ceil(tf.mul(x, 3)),
  ConcatV2: ({ x, y }) => tf.concat([x, y], 1),
  Conv2D: ({ image, filter }) => conv(image, filter),
  Conv2DBackpropFilter: ({ image, filter }) => tf.grad((each) => sumOf(conv(image, each)))(filter),
  Conv2DBackpropInput: ({ image, filter }) => tf.grad((each) => sumOf(conv(each, filter)))(image),
  Cos: ({ x }) => tf.cos(x),
  Cosh: ({ x }) => tf.cosh(x),
  Cumprod: ({ x }) => tf.cumprod(x, 1),
  Cumsum: ({ x }) => tf.cumsum(x, 1),
  DepthwiseConv2dNative: ({ image, filter }) => depthwise(image, filter),
  DepthwiseConv2dNativeBackpropFilter: ({ image, filter }) =>
    tf.grad((each) => sumOf(depthwise(image, each)))(filter),
  DepthwiseConv2dNativeBackpropInput: ({ image, filter }) =>
    tf.grad((each) => sumOf(depthwise(each, filter)))(image),
  Elu: ({ x }) => tf.elu(tf.sub(x, 0.5)),
  EluGrad: ({ x }) => tf.grad((each) => sumOf(tf.elu(each)))(tf.sub(x, 0.5)),
  Equal: ({ i }) => tf.equal(i, 1),
  Erf: ({ x }) => tf.erf(x),
  Exp: ({ x }) => tf.exp(x),
  ExpandDims: ({ x }) => tf.expandDims(x, 1),
  Expm1: ({ x }) => tf.expm1(x),
  Fill: ({ x }) => tf.mul(x, tf.fill([3, 4], 2)),
  Floor: ({ x }) => tf.floor(tf.mul(x, 3)),
  FloorDiv: ({ i }) => tf.floorDiv(i, tf.scalar(2, 'int32')),
  FloorMod: ({ i }) => tf.mod(i, tf.scalar(2, 'int32')),
  GatherNd: ({ x }) =>
    tf.gatherND(
      x,
      tf.tensor2d(
        [
          [0, 1],
          [2, 3],
        ],
        [2, 2],
        'int32',
      ),
    ),
  GatherV2: ({ x, i }) => tf.gather(x, i.slice([0, 0], [1, 3]).as1D()),
  Greater: ({ x, y }) => tf.greater(x, y),
  GreaterEqual: ({ x, y }) => tf.greaterEqual(x, y),
  IsFinite: ({ x }) => tf.isFinite(tf.log(tf.sub(x, 0.5))),
  IsInf: ({ x }) => tf.isInf(tf.div(1, tf.relu(tf.sub(x, 0.5)))),
  IsNan: ({ x }) => tf.isNaN(tf.log(tf.sub(x, 0.5))),
  LeakyRelu: ({ x }) => tf.leakyRelu(tf.sub(x, 0.5), 0.1),
  Less: ({ x, y }) => tf.less(x, y),
  LessEqual: ({ x, y }) => tf.lessEqual(x, y),
  LinSpace: ({ x }) => tf.add(x, tf.linspace(0, 1, 4)),
  Log: ({ x }) => tf.log(x),
  Log1p: ({ x }) => tf.log1p(x),
  LogicalAnd: ({ b, x }) => tf.logicalAnd(b, tf.greater(x, 0.5)),
  LogicalNot: ({ b }) => tf.logicalNot(b),
  LogicalOr: ({ b, x }) => tf.logicalOr(b, tf.greater(x, 0.5)),
  Max: ({ x }) => tf.max(x, 1),
  MaxPool: ({ image }) => tf.maxPool(image, 2, 2, 'valid'),
  MaxPoolGrad: ({ image }) =>
    tf.grad((each) => sumOf(tf.maxPool(each as tf.Tensor4D, 2, 2, 'valid')))(image),
  Maximum: ({ x, y }) => tf.maximum(x, y),
  Mean: ({ x }) => tf.mean(x, 1),
  Min: ({ x }) => tf.min(x, 1),
  Minimum: ({ x, y }) => tf.minimum(x, y),
  Mul: ({ x, y }) => tf.mul(x, y),
  Neg: ({ x }) => tf.neg(x),
  NotEqual: ({ i }) => tf.notEqual(i, 1),
  OneHot: ({ i }) => tf.oneHot(i.slice([0, 0], [1, 4]).as1D(), 3),
  OnesLike: ({ x }) => tf.add(tf.onesLike(x), x),
  Pack: ({ x, y }) => tf.stack([x, y], 1),
  PadV2: ({ x }) =>
    tf.pad(
      x,
      [
        [1, 0],
        [0, 2],
      ],
      7,
    ),
  Pow: ({ x, y }) => tf.pow(x, y),
  Prod: ({ x }) => tf.prod(x, 1),
  Range: ({ x }) => tf.add(x, tf.range(0, 4)),
  RealDiv: ({ x, y }) => tf.div(x, y),
  Reciprocal: ({ x }) => tf.reciprocal(x),
  Relu: ({ x }) => tf.relu(tf.sub(x, 0.5)),
  Relu6: ({ x }) => tf.relu6(tf.mul(x, 9)),
  Reshape: ({ x }) => tf.reshape(x, [4, 3]),
  ReverseV2: ({ x }) => tf.reverse(x, 1),
  Round: ({ x }) => tf.round(tf.mul(x, 3)),
  Rsqrt: ({ x }) => tf.rsqrt(x),
  ScatterNd: ({ x }) => tf.scatterND(tf.tensor2d([[2], [0], [2]], [3, 1], 'int32'), x, [3, 4]),
  Select: ({ b, x, y }) => tf.where(b, x, y),
  /** tfjs runs `Select`; XLA gets this one. */
  SelectV2: ({ b, x, y }) => tf.where(b, x, y),
  Selu: ({ x }) => tf.selu(tf.sub(x, 0.5)),
  Sigmoid: ({ x }) => tf.sigmoid(x),
  Sign: ({ x }) => tf.sign(tf.sub(x, 0.5)),
  Sin: ({ x }) => tf.sin(x),
  Sinh: ({ x }) => tf.sinh(x),
  Slice: ({ x }) => tf.slice(x, [1, 1], [2, 2]),
  Softmax: ({ x }) => tf.softmax(x),
  Softplus: ({ x }) => tf.softplus(x),
  SplitV: ({ x }) => tf.add(...(tf.split(x, 2, 1) as [tf.Tensor, tf.Tensor])),
  Sqrt: ({ x }) => tf.sqrt(x),
  Square: ({ x }) => tf.square(x),
  SquaredDifference: ({ x, y }) => tf.squaredDifference(x, y),
  StridedSlice: ({ x }) => tf.stridedSlice(x, [0, 0], [3, 4], [2, 2]),
  Sub: ({ x, y }) => tf.sub(x, y),
  Sum: ({ x }) => tf.sum(x, 1),
  Tan: ({ x }) => tf.tan(x),
  Tanh: ({ x }) => tf.tanh(x),
  TensorScatterUpdate: ({ x, y }) =>
    tf.tensorScatterUpdate(x, tf.tensor2d([[1]], [1, 1], 'int32'), y.slice([0, 0], [1, 4])),
  Tile: ({ x }) => tf.tile(x, [2, 1]),
  Transpose: ({ x }) => tf.transpose(x),
  Unpack: ({ x }) => tf.add(...(tf.unstack(x, 0).slice(0, 2) as [tf.Tensor, tf.Tensor])),
  UnsortedSegmentSum: ({ x }) => tf.unsortedSegmentSum(x, tf.tensor1d([1, 0, 1], 'int32'), 2),
  ZerosLike: ({ x }) => tf.add(tf.zerosLike(x), x),
};
