/** @file A trace without what changes no bit: unused operations, repeated ones, and those that do nothing. */
import type {
  RecordedConstant,
  RecordedOperation,
  RecordedTensor,
  Recording,
} from '../engine/index.ts';

/** The same results from fewer operations. */
export const simplify = (recording: Recording): Recording => withoutUnused(merged(recording));

/** Equal operations on equal inputs once; a reshape to the same shape, a cast to the same type never. */
function merged(recording: Recording): Recording {
  const stands = new Map<number, RecordedTensor>();
  const known = new Map<string, readonly RecordedTensor[]>();
  const now = (id: number) => stands.get(id)?.id ?? id;
  const tensors = new Map<number, RecordedTensor>();
  for (const tensor of [...recording.arguments, ...recording.constants]) {
    tensors.set(tensor.id, tensor);
  }
  const constants = recording.constants.filter((constant) =>
    isNew(known, constantKey(constant), [constant], stands),
  );
  const operations: RecordedOperation[] = [];
  for (const recorded of recording.operations) {
    const operation = { ...recorded, inputs: recorded.inputs.map(now) };
    const [output] = operation.outputs;
    const input = tensors.get(operation.inputs[0] ?? -1);
    for (const each of operation.outputs) tensors.set(each.id, each);
    if (output && input && doesNothing(operation.name, input, output)) {
      stands.set(output.id, input);
      continue;
    }
    const { name, attributes, inputs, outputs } = operation;
    const key = JSON.stringify([name, attributes, inputs, outputs.length]);
    if (isNew(known, key, outputs, stands)) operations.push(operation);
  }
  const results = recording.results.map((result) => ({ ...result, id: now(result.id) }));
  return { ...recording, constants, operations, results };
}

/** What was there before stands for what is not new. */
function isNew(
  known: Map<string, readonly RecordedTensor[]>,
  key: string,
  made: readonly RecordedTensor[],
  stands: Map<number, RecordedTensor>,
): boolean {
  const before = known.get(key);
  if (!before) {
    known.set(key, made);
    return true;
  }
  for (const [index, { id }] of made.entries()) {
    const same = before[index];
    if (same) stands.set(id, same);
  }
  return false;
}

/** Drawn ones stay apart: their messages name who drew them. */
function constantKey({ id, shape, dtype, values, drawnBy }: RecordedConstant): string {
  const isSmall = values.length <= 16 && !drawnBy;
  // -0 and 0 are two values, and JSON writes them alike.
  const text = [...values.slice(0, 16)].map((value) => (Object.is(value, -0) ? '-0' : `${value}`));
  return isSmall ? JSON.stringify(['Const', shape, dtype, text]) : `constant ${id}`;
}

const sameShape = new Set(['Reshape', 'Tile']);

function doesNothing(name: string, input: RecordedTensor, output: RecordedTensor): boolean {
  const isSameShape = String(input.shape) === String(output.shape);
  if (name === 'Cast') return input.dtype === output.dtype;
  if (name === 'Transpose') return isSameShape && input.shape.filter((axis) => axis > 1).length < 2;
  return sameShape.has(name) && isSameShape;
}

/** Without the operations and constants that no result depends on. */
function withoutUnused(recording: Recording): Recording {
  const needed = new Set(recording.results.map(({ id }) => id));
  const operations = [...recording.operations]
    .reverse()
    .filter(({ inputs, outputs }) => {
      if (!outputs.some(({ id }) => needed.has(id))) return false;
      for (const id of inputs) needed.add(id);
      return true;
    })
    .reverse();
  const constants = recording.constants.filter(({ id }) => needed.has(id));
  return { ...recording, operations, constants };
}
