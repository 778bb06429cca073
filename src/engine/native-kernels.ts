/** @file Kernels that tfjs-node lacks, or runs with a detour through JavaScript, though TensorFlow has them. */
import type * as tfjs from '@tensorflow/tfjs';

interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number;
}
/** What of tfjs-node's backend is used; it has no published type. */
interface NodeBackend {
  readonly binding: {
    readonly TF_ATTR_TYPE: number;
    readonly TF_ATTR_INT: number;
    readonly TF_FLOAT: number;
    readonly TF_INT32: number;
    readonly TF_BOOL: number;
  };
  executeSingleOutput(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly tfjs.TensorInfo[],
  ): tfjs.TensorInfo;
}

/** Registers them; a second call does nothing. */
export function registerNativeKernels(tf: typeof tfjs): void {
  if (tf.getKernel('BitwiseAnd', 'tensorflow')) return;
  const nodeBackend = (backend: unknown) => backend as NodeBackend;
  const typed = ({ binding }: NodeBackend, name: string, dtype: tfjs.DataType): OpAttribute => {
    const types = { float32: binding.TF_FLOAT, int32: binding.TF_INT32, bool: binding.TF_BOOL };
    if (!(dtype in types)) throw new Error(`internal: a tensor of ${dtype}`);
    return { name, type: binding.TF_ATTR_TYPE, value: types[dtype as keyof typeof types] };
  };
  // Of int32 tensors: the random numbers of a step are made with it.
  tf.registerKernel({
    kernelName: 'BitwiseAnd',
    backendName: 'tensorflow',
    kernelFunc: ({ inputs: { a, b }, backend }) => {
      if (!a || !b) throw new Error('internal: BitwiseAnd takes two tensors');
      const node = nodeBackend(backend);
      return node.executeSingleOutput('BitwiseAnd', [typed(node, 'T', 'int32')], [a, b]);
    },
  });
  // tfjs-node's own reads all indices back into JavaScript to check them; TensorFlow checks them too.
  tf.unregisterKernel('GatherV2', 'tensorflow');
  tf.registerKernel({
    kernelName: 'GatherV2',
    backendName: 'tensorflow',
    kernelFunc: ({ inputs: { x, indices }, attrs, backend }) => {
      if (!x || !indices) throw new Error('internal: GatherV2 takes two tensors');
      const node = nodeBackend(backend);
      const axis = tf.scalar(Number(attrs?.axis ?? 0), 'int32');
      const batchDims = Number(attrs?.batchDims ?? 0);
      const attributes = [
        { name: 'batch_dims', type: node.binding.TF_ATTR_INT, value: batchDims },
        typed(node, 'Tparams', x.dtype),
        typed(node, 'Tindices', indices.dtype),
        typed(node, 'Taxis', 'int32'),
      ];
      const gathered = node.executeSingleOutput('GatherV2', attributes, [x, indices, axis]);
      axis.dispose();
      return gathered;
    },
  });
}
