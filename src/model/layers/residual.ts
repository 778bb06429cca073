/** @file The residual block: what its layers make of the input is added to the input. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { choice } from '../../spec/schema/slots.ts';
import { defineLayer, formatShape, single } from '../define-layer.ts';
import { toInitializer } from './weight-options.ts';

export const residual = defineLayer({
  name: 'residual',
  summary: 'Adds its input to what its layers make of it.',
  reference: 'He et al. 2016, arXiv:1512.03385',
  short: 'layers',
  options: Type.Object(
    {
      layers: Type.Array(choice('layer', { description: 'A layer of the block.' }), {
        description: 'The layers of the block, in order.',
        minItems: 1,
      }),
      projection: Type.Boolean({
        description: 'Bring the input to the width of the output by a learned linear layer.',
        default: false,
      }),
    },
    { additionalProperties: false },
  ),
  outputShape({ layers, projection }, input, shapeOf) {
    const inner = shapeOf(layers, input);
    if (!inner.ok) return { ...inner, path: ['layers', ...(inner.path ?? [])] };
    if (projection || String(inner.shape) === String(input)) return inner;
    return {
      ok: false,
      expected: `layers that end as wide as their input, ${formatShape(input)}, or projection: true`,
      came: formatShape(inner.shape),
      path: ['layers'],
    };
  },
  apply({ layers, projection }, input, { name, inner, seedOf }) {
    const output = inner(layers, input);
    const units = output.shape.at(-1);
    if (typeof units !== 'number') throw new Error('internal: a block of unknown width');
    const skip = projection
      ? tf.layers
          .dense({
            name: `${name}/projection`,
            units,
            useBias: false,
            kernelInitializer: toInitializer('glorotUniform', seedOf('projection')),
          })
          .apply(input)
      : input;
    return single(tf.layers.add({ name: `${name}/add` }).apply([single(skip), output]));
  },
});
