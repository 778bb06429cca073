/** @file What a graph must be told about each operation of TensorFlow that a trace may hold. */

export interface Rule {
  /**
   * The attribute that names each input's element type; null where the type is fixed. `N*T`: any
   * number of inputs of one type, counted in the attribute N.
   */
  readonly inputs: readonly (string | null)[];
  /** Names of the outputs, which inputs of other nodes refer to. `output*`: as many as there are. */
  readonly outputs: readonly string[];
  /** Slides a window over an image: XLA on a CPU runs it many times slower than a plain graph. */
  readonly isConvolution: boolean;
}

/** `_`: an input of a fixed type. */
const rule = (inputs: string, outputs: string, isConvolution = false): Rule => ({
  inputs: inputs.split(' ').map((name) => (name === '_' ? null : name)),
  outputs: outputs.split(' '),
  isConvolution,
});

const unary = rule('T', 'y');
const binary = rule('T T', 'z');
const activation = rule('T', 'activations');
const activationGradient = rule('T T', 'backprops');
const reduction = rule('T Tidx', 'output');
const convolution = true;

/** One entry an operation; `test/compile/rules.test.ts` runs each of them eagerly, in a graph and under XLA. */
export const rules: Readonly<Record<string, Rule>> = {
  Abs: unary,
  Acos: unary,
  Acosh: unary,
  Add: binary,
  AddN: rule('N*T', 'sum'),
  All: rule('_ Tidx', 'output'),
  Any: rule('_ Tidx', 'output'),
  ArgMax: rule('T Tidx', 'output'),
  ArgMin: rule('T Tidx', 'output'),
  Asin: unary,
  Asinh: unary,
  Atan: unary,
  Atan2: binary,
  Atanh: unary,
  AvgPool: rule('T', 'output', convolution),
  AvgPoolGrad: rule('_ T', 'output', convolution),
  BatchMatMulV2: rule('T T', 'output'),
  BitwiseAnd: binary,
  Cast: rule('SrcT', 'y'),
  Ceil: unary,
  ConcatV2: rule('N*T Tidx', 'output'),
  Conv2D: rule('T T', 'output', convolution),
  Conv2DBackpropFilter: rule('T _ T', 'output', convolution),
  Conv2DBackpropInput: rule('_ T T', 'output', convolution),
  Cos: unary,
  Cosh: unary,
  Cumprod: rule('T Tidx', 'out'),
  Cumsum: rule('T Tidx', 'out'),
  DepthwiseConv2dNative: rule('T T', 'output', convolution),
  DepthwiseConv2dNativeBackpropFilter: rule('T _ T', 'output', convolution),
  DepthwiseConv2dNativeBackpropInput: rule('_ T T', 'output', convolution),
  Elu: activation,
  EluGrad: activationGradient,
  Equal: binary,
  Erf: unary,
  Exp: unary,
  ExpandDims: rule('T Tdim', 'output'),
  Expm1: unary,
  Fill: rule('index_type T', 'output'),
  Floor: unary,
  FloorDiv: binary,
  FloorMod: binary,
  GatherNd: rule('Tparams Tindices', 'output'),
  GatherV2: rule('Tparams Tindices Taxis', 'output'),
  Greater: binary,
  GreaterEqual: binary,
  IsFinite: unary,
  IsInf: unary,
  IsNan: unary,
  LeakyRelu: activation,
  Less: binary,
  LessEqual: binary,
  LinSpace: rule('T T Tidx', 'output'),
  Log: unary,
  Log1p: unary,
  LogicalAnd: rule('_ _', 'z'),
  LogicalNot: rule('_', 'y'),
  LogicalOr: rule('_ _', 'z'),
  Max: reduction,
  MaxPool: rule('T', 'output', convolution),
  MaxPoolGrad: rule('T T T', 'output', convolution),
  Maximum: binary,
  Mean: reduction,
  Min: reduction,
  Minimum: binary,
  Mul: binary,
  Neg: unary,
  NotEqual: binary,
  OneHot: rule('TI _ T T', 'output'),
  OnesLike: unary,
  Pack: rule('N*T', 'output'),
  PadV2: rule('T Tpaddings T', 'output'),
  Pow: binary,
  Prod: reduction,
  Range: rule('Tidx Tidx Tidx', 'output'),
  RealDiv: binary,
  Reciprocal: unary,
  Relu: activation,
  Relu6: activation,
  Reshape: rule('T Tshape', 'output'),
  ReverseV2: rule('T Tidx', 'output'),
  Round: unary,
  Rsqrt: unary,
  ScatterNd: rule('Tindices T Tindices', 'output'),
  Select: rule('_ T T', 'output'),
  SelectV2: rule('_ T T', 'output'),
  Selu: activation,
  Sigmoid: unary,
  Sign: unary,
  Sin: unary,
  Sinh: unary,
  Slice: rule('T Index Index', 'output'),
  Softmax: rule('T', 'softmax'),
  Softplus: activation,
  SplitV: rule('T Tlen _', 'output*'),
  Sqrt: unary,
  Square: unary,
  SquaredDifference: binary,
  StridedSlice: rule('T Index Index Index', 'output'),
  Sub: binary,
  Sum: reduction,
  Tan: unary,
  Tanh: unary,
  TensorScatterUpdate: rule('T Tindices T', 'output'),
  Tile: rule('T Tmultiples', 'output'),
  Transpose: rule('T Tperm', 'y'),
  Unpack: rule('T', 'output*'),
  UnsortedSegmentSum: rule('T Tindices Tnumsegments', 'output'),
  ZerosLike: unary,
};
