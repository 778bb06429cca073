/** @file The plain loop over items, operation by operation: what compiled programs are compared with. */
import * as tf from '@tensorflow/tfjs';
import type { ProgramCall, ProgramResult, ScanBody } from './prepare-program.ts';
import type { Tensors } from './trace.ts';

/** Item number `index` of all sequences. The caller disposes. */
export const itemAt = (items: Tensors, index: number): Record<string, tf.Tensor> =>
  Object.fromEntries(
    Object.entries(items).map(([name, tensor]) => [
      name,
      tf.tidy(() => tensor.slice(index, 1).reshape(tensor.shape.slice(1))),
    ]),
  );

export const countOf = (items: Tensors): number => Object.values(items)[0]?.shape[0] ?? 0;

/** All items from `begin` to before `end`, at least one. */
export function eagerRun(
  body: ScanBody,
  { carry, items, fixed, begin, end }: ProgramCall,
): ProgramResult {
  let current = clones(carry);
  const kept: Record<string, tf.Tensor>[] = [];
  for (let index = begin; index < end; index++) {
    const item = itemAt(items, index);
    const next = tf.tidy(() => {
      const made = body(current, item, fixed);
      return { carry: clones(made.carry), out: clones(made.out) };
    });
    tf.dispose([item, current]);
    current = next.carry;
    kept.push(next.out);
  }
  return { carry: current, out: stacked(kept) };
}

/** No tensor of a result is one of the arguments, so that the caller may dispose of either. */
const clones = (tensors: Tensors): Record<string, tf.Tensor> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensor.clone()]));

/** Disposes of the entries. */
function stacked(entries: readonly Record<string, tf.Tensor>[]): Tensors {
  const names = Object.keys(entries[0] ?? {});
  const all = names.map((name) => [
    name,
    tf.tidy(() => tf.stack(entries.flatMap((entry) => entry[name] ?? []))),
  ]);
  tf.dispose(entries as tf.TensorContainer);
  return Object.fromEntries(all);
}
