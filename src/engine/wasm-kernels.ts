/** @file Kernels that the wasm backend lacks, computed by the plain JavaScript one. */
import type * as tfjs from '@tensorflow/tfjs';

/**
 * wasm has no `UnsortedSegmentSum` (the gradient of an embedding), `Softplus` and others: each
 * kernel that only the `cpu` backend has is registered for wasm too, copying its inputs over.
 */
export function registerMissingKernels(tf: typeof tfjs): void {
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend('cpu')) {
    if (tf.getKernel(kernelName, 'wasm')) continue;
    tf.registerKernel({
      kernelName,
      backendName: 'wasm',
      kernelFunc: ({ inputs, backend, attrs }) => {
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
      },
    });
  }
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
