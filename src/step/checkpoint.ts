/** @file A state as bytes and back, bit by bit the same. */
import * as tf from '@tensorflow/tfjs';
import { checkpointHeader } from './checkpoint-header.ts';
import type { State } from './step.ts';

/** Weights, slots and counters, with a note of plain data beside them. */
export async function stateToBytes(state: State, note: unknown): Promise<Uint8Array> {
  const entries = Object.entries(state);
  const values = await Promise.all(entries.map(([, tensor]) => tensor.data()));
  const tensors = entries.map(([name, { shape, dtype }]) => ({ name, shape, dtype }));
  const header = Buffer.from(JSON.stringify({ tensors, note }));
  const length = Buffer.alloc(8);
  length.writeUInt32LE(header.length, 0);
  const bodies = values.map((each) => Buffer.from(each.buffer, each.byteOffset, each.byteLength));
  return Buffer.concat([length, header, ...bodies]);
}

/** The reverse; the caller disposes of the state. Throws where the bytes are not a whole state. */
export function stateFromBytes(bytes: Uint8Array): { state: State; note: unknown } {
  const buffer = Buffer.from(bytes);
  const { tensors, note, end } = checkpointHeader(bytes);
  let offset = end;
  const state: Record<string, tf.Tensor> = {};
  for (const { name, shape, dtype } of tensors) {
    const size = shape.reduce((product: number, axis: number) => product * axis, 1);
    const piece = Uint8Array.from(buffer.subarray(offset, offset + 4 * size)).buffer;
    const values = dtype === 'int32' ? new Int32Array(piece) : new Float32Array(piece);
    if (values.length !== size) throw new Error('the checkpoint is not whole');
    state[name] = tf.tensor(values, shape, dtype);
    offset += 4 * size;
  }
  return { state, note };
}
