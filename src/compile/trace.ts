/** @file A function of tensors as a list of operations: what it ran, once, on example arguments. */
import type * as tf from '@tensorflow/tfjs';
import {
  type RecordedConstant,
  type RecordedOperation,
  type RecordedTensor,
  type Recording,
  recordOperations,
  UnknownType,
} from '../engine/index.ts';
import { currentPlace } from '../step/place.ts';
import { rules } from './rules.ts';
import { simplify } from './simplify.ts';

export type Tensors = Readonly<Record<string, tf.Tensor>>;

export interface Trace {
  /** By name, in order. */
  readonly arguments: Readonly<Record<string, RecordedTensor>>;
  readonly constants: readonly RecordedConstant[];
  /** Those that the results depend on, in the order in which they ran. */
  readonly operations: readonly RecordedOperation[];
  /** An operation's output, a constant or an argument each. */
  readonly results: Readonly<Record<string, RecordedTensor>>;
}

export type Traced =
  | { readonly ok: true; readonly trace: Trace }
  | { readonly ok: false; readonly reason: string };

/** Constants beyond this many elements are data, and data comes in as an argument. */
const largestConstant = 4096;

/** `run` is called once. Its results are disposed of; the arguments stay the caller's. */
export function trace(run: (given: Tensors) => Tensors, given: Tensors): Traced {
  let names: readonly string[] = [];
  let recording: Recording;
  try {
    recording = recordOperations(
      Object.values(given),
      () => {
        const results = run(given);
        names = Object.keys(results);
        return Object.values(results);
      },
      currentPlace,
    );
  } catch (error) {
    if (error instanceof UnknownType) return { ok: false, reason: `it uses ${error.message}` };
    throw error;
  }
  const kept = simplify(recording);
  const reason = whyNot(kept);
  if (reason) return { ok: false, reason };
  const byName = (keys: readonly string[], tensors: readonly RecordedTensor[]) =>
    Object.fromEntries(
      keys.flatMap((key, index) => (tensors[index] ? [[key, tensors[index]]] : [])),
    );
  return {
    ok: true,
    trace: {
      arguments: byName(Object.keys(given), kept.arguments),
      constants: kept.constants,
      operations: kept.operations,
      results: byName(names, kept.results),
    },
  };
}

/** All elements are the same, as in `tf.zeros(shape)`. */
export const isUniform = (values: ArrayLike<number>): boolean =>
  Array.prototype.every.call(values, (value) => Object.is(value, values[0]));

/** Why the function is not what was recorded, or why no graph can be made of it. */
function whyNot({ operations, constants, reads, arguments: given }: Recording): string | undefined {
  const unknown = operations.find(({ name }) => !Object.hasOwn(rules, name));
  if (unknown) {
    return `the operation ${unknown.name}${placed(unknown.context)} has no rule in src/compile/rules.ts`;
  }
  const foreign = captured({ operations, constants, arguments: given });
  if (foreign) return `${foreign.name}${placed(foreign.context)} uses a tensor that is no argument`;
  const drawn = constants.find(({ drawnBy }) => drawnBy);
  if (drawn) {
    return `${drawn.drawnBy}${placed(drawn.context)} draws random numbers in JavaScript, which a program would repeat for ever`;
  }
  const large = constants.find(
    ({ values }) => values.length > largestConstant && !isUniform(values),
  );
  if (large) {
    return `a constant of ${large.values.length} elements${placed(large.context)} was made in JavaScript: it has to be an argument`;
  }
  const [read] = reads;
  if (read !== undefined) return `a value${placed(read)} was read back into JavaScript`;
  return undefined;
}

/** An operation on a tensor that was there before: a program would not see it change. */
function captured({
  operations,
  constants,
  arguments: given,
}: Pick<Recording, 'operations' | 'constants' | 'arguments'>) {
  const known = new Set([...given, ...constants].map(({ id }) => id));
  return operations.find(({ inputs, outputs }) => {
    const isKnown = inputs.every((id) => known.has(id));
    for (const { id } of outputs) known.add(id);
    return !isKnown;
  });
}

const placed = (context: string) => (context === '' ? '' : ` in ${context}`);
