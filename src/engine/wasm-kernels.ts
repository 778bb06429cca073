/** @file Kernels that the wasm backend lacks or computes inexactly, done by the plain one. */
import type * as tfjs from '@tensorflow/tfjs';

type KernelFunc = tfjs.KernelConfig['kernelFunc'];

/**
 * wasm has no `UnsortedSegmentSum` (the gradient of an embedding), `BitwiseAnd` and others: each
 * kernel that only the `cpu` backend has is registered for wasm too. Its `FloorDiv` of int32 goes
 * through float32 and is off by one for one large number in 400, which would break the hash that
 * random numbers are made of.
 */
export function completeWasm(tf: typeof tfjs): void {
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend('cpu')) {
    const own = tf.getKernel(kernelName, 'wasm');
    if (own && kernelName !== 'FloorDiv') continue;
    const onCpu = borrowed(tf, kernelFunc);
    if (own) tf.unregisterKernel(kernelName, 'wasm');
    const isInteger = ({ a }: tfjs.NamedTensorInfoMap) => a?.dtype === 'int32';
    tf.registerKernel({
      kernelName,
      backendName: 'wasm',
      kernelFunc: own
        ? (params) => (isInteger(params.inputs) ? onCpu(params) : own.kernelFunc(params))
        : onCpu,
    });
  }
}

/** A kernel of the plain JavaScript backend, its inputs and outputs copied over and back. */
function borrowed(tf: typeof tfjs, kernelFunc: KernelFunc): KernelFunc {
  return ({ inputs, backend, attrs }) => {
    const cpu = tf.findBackend('cpu');
    const copied: Record<string, tfjs.TensorInfo | tfjs.TensorInfo[]> = {};
    for (const [name, input] of Object.entries(inputs)) {
      if (!input) continue;
      const list: readonly tfjs.TensorInfo[] = [input].flat();
      const [first, ...rest] = list.map((info) => copy(info, backend, cpu));
      if (first) copied[name] = Array.isArray(input) ? [first, ...rest] : first;
    }
    // The kernel's own type speaks of named inputs that may be lists; so do ours.
    const given = copied as tfjs.NamedTensorInfoMap;
    const outputs = kernelFunc({ inputs: given, backend: cpu, attrs });
    const back = [outputs].flat().map((info) => copy(info, cpu, backend));
    const used: tfjs.TensorInfo[] = [...Object.values(copied), outputs].flat(2);
    for (const { dataId } of used) cpu.disposeData(dataId, true);
    const [first] = back;
    return Array.isArray(outputs) || !first ? back : first;
  };
}

/** The same values on another backend. */
function copy(info: tfjs.TensorInfo, from: unknown, to: unknown): tfjs.TensorInfo {
  const { shape, dtype, dataId } = info;
  const values: tfjs.TypedArray = call(from, 'readSync', dataId);
  return { shape, dtype, dataId: call(to, 'write', values.slice(), shape, dtype) };
}

/** tfjs hands backends around without a type of their methods. */
function call<Result>(backend: unknown, method: string, ...args: readonly unknown[]): Result {
  return Reflect.apply(Reflect.get(Object(backend), method), backend, args);
}
