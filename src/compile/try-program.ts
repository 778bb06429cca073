/** @file A first program, to see whether this TensorFlow compiles any. */
import * as tf from '@tensorflow/tfjs';
import { type ProgramFacts, prepareProgram } from './prepare-program.ts';

export async function tryProgram(): Promise<ProgramFacts> {
  const [carry, items] = [{ x: tf.ones([2, 2]) }, { y: tf.ones([2, 2, 2]) }];
  using program = await prepareProgram({
    body: ({ x }, { y }) => {
      if (!x || !y) throw new Error('internal: a program without its arguments');
      return { carry: { x: tf.tanh(tf.matMul(x, y)) }, out: {} };
    },
    carry,
    items,
    fixed: {},
    engine: null,
  });
  tf.dispose([carry, items]);
  return program.facts;
}
