/** @file Kernels that tfjs-node does not offer though TensorFlow has them. */
import type * as tfjs from '@tensorflow/tfjs';

/** What of tfjs-node's backend is used; it has no published type. */
interface NodeBackend {
  readonly binding: { readonly TF_ATTR_TYPE: number; readonly TF_INT32: number };
  executeSingleOutput(
    name: string,
    attributes: readonly { name: string; type: number; value: number }[],
    inputs: readonly tfjs.TensorInfo[],
  ): tfjs.TensorInfo;
}

/** `BitwiseAnd` of int32 tensors, which the random numbers of a step are made with. */
export function registerNativeKernels(tf: typeof tfjs): void {
  if (tf.getKernel('BitwiseAnd', 'tensorflow')) return;
  tf.registerKernel({
    kernelName: 'BitwiseAnd',
    backendName: 'tensorflow',
    kernelFunc: ({ inputs: { a, b }, backend }) => {
      if (!a || !b) throw new Error('internal: BitwiseAnd takes two tensors');
      const { binding, executeSingleOutput } = backend as NodeBackend;
      const type = { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 };
      return executeSingleOutput.call(backend, 'BitwiseAnd', [type], [a, b]);
    },
  });
}
