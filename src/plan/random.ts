/** @file Seeded random numbers: one independent stream for every (seed, replicate, purpose, name). */
import { createHash } from 'node:crypto';

/** A stream of random numbers. Not a secret: the same key gives the same numbers everywhere. */
export interface RandomStream {
  /** Uniform in [0, 1), 32 bits fine. */
  next(): number;
  /** Uniform whole number in [0, bound). */
  integer(bound: number): number;
  /** A random order of 0 … length - 1 (Fisher and Yates). */
  permutation(length: number): Int32Array;
}

/** 32 bits for programs that take a seed of their own (tfjs initializers, the dropout hash). */
export function seedOf(...key: readonly (string | number)[]): number {
  return digest(key).readUInt32LE(0);
}

/** `rng(seed, replicate, 'shuffle', epoch)`. The generator is sfc32 (Doty-Humphrey, PractRand). */
export function rng(...key: readonly (string | number)[]): RandomStream {
  const bytes = digest(key);
  let a = bytes.readInt32LE(0);
  let b = bytes.readInt32LE(4);
  let c = bytes.readInt32LE(8);
  let counter = 1;
  const bits = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let warmUp = 0; warmUp < 12; warmUp++) bits();
  const next = () => bits() / 4294967296;
  const integer = (bound: number) => Math.floor(next() * bound);
  return { next, integer, permutation: (length) => permute(length, integer) };
}

function permute(length: number, integer: (bound: number) => number): Int32Array {
  const order = new Int32Array(length);
  for (let index = 1; index < length; index++) order[index] = index;
  for (let last = length - 1; last > 0; last--) {
    const other = integer(last + 1);
    const swap = order[last] as number;
    order[last] = order[other] as number;
    order[other] = swap;
  }
  return order;
}

const digest = (key: readonly (string | number)[]) =>
  createHash('sha256').update(JSON.stringify(key)).digest();
