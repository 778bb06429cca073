/** @file The head of a checkpoint: which tensors follow, and a note of plain data. */
import type { DataType } from '@tensorflow/tfjs';

export interface CheckpointHeader {
  readonly tensors: readonly {
    readonly name: string;
    readonly shape: number[];
    readonly dtype: DataType;
  }[];
  readonly note: unknown;
  /** How long it is: where the first tensor begins. */
  readonly end: number;
}

/** Of its first bytes. Throws a `RangeError` or a `SyntaxError` where the bytes end too early or are something else. */
export function checkpointHeader(bytes: Uint8Array): CheckpointHeader {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = 8 + buffer.readUInt32LE(0);
  // What `stateToBytes` wrote.
  const { tensors, note } = JSON.parse(buffer.toString('utf8', 8, end));
  return { tensors, note, end };
}
