/** @file Reads off a checkpoint's file how far its trial was: its head only, without TensorFlow. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { checkpointHeader } from '../step/checkpoint-header.ts';

/** Whole epochs done; undefined where the file is no checkpoint, or its head is not whole. */
export function checkpointEpoch(path: string): number | undefined {
  const file = openSync(path, 'r');
  try {
    const length = firstBytes(file, 8).readUInt32LE(0);
    if (length > fstatSync(file).size) return undefined;
    const { note } = checkpointHeader(firstBytes(file, 8 + length));
    const epoch: unknown = Object(note).epoch;
    return Number.isInteger(epoch) ? Number(epoch) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  } finally {
    closeSync(file);
  }
}

function firstBytes(file: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, 0));
}
