/** @file A function of one item, made into a program that runs many items in one call. */
import * as tf from '@tensorflow/tfjs';
import { forgetPrograms, hasNative, isOutOfMemory, type LoadedGraph } from '../engine/index.ts';
import { chooseEngine, type ProgramEngine } from './choose.ts';
import { countOf, eagerRun, itemAt } from './eager.ts';
import { forXla } from './for-xla.ts';
import { fingerprint, load } from './load.ts';
import { prefixes, scanGraph } from './scan.ts';
import { type Tensors, type Trace, trace } from './trace.ts';

/**
 * One item: what goes round, the item, and what never changes, in; out, what goes round, under the
 * same names, and what is kept of this item.
 */
export type ScanBody = (
  carry: Tensors,
  item: Tensors,
  fixed: Tensors,
) => { readonly carry: Tensors; readonly out: Tensors };

export interface ProgramRequest {
  /** Pure, and of constant shapes; it is run once on the examples while it is traced. */
  readonly body: ScanBody;
  /** Examples: shapes and types of all that the program will be called with. */
  readonly carry: Tensors;
  /** Each [count, …item]. */
  readonly items: Tensors;
  readonly fixed: Tensors;
  /** What the user asked for; null: the rule decides. */
  readonly engine: ProgramEngine | null;
}

export interface ProgramCall {
  readonly carry: Tensors;
  readonly items: Tensors;
  readonly fixed: Tensors;
  /** The first item, and the one after the last. */
  readonly begin: number;
  readonly end: number;
}

export interface ProgramResult {
  readonly carry: Tensors;
  /** [end - begin, …out] */
  readonly out: Tensors;
}

/** What the record says of a program. */
export interface ProgramFacts {
  readonly engine: ProgramEngine;
  /** Of its graph; null for eager. */
  readonly fingerprint: string | null;
  /** Why it is not XLA; null where it is, or where nobody expects it. */
  readonly reason: string | null;
  readonly compileSeconds: number;
}

export interface Program {
  readonly facts: ProgramFacts;
  /**
   * The arguments stay the caller's, and so do the results. Throws where the items do not reach
   * that far.
   */
  run(call: ProgramCall): ProgramResult;
  [Symbol.dispose](): void;
}

/** The best program there is; what stands in the way of a better one is its `reason`. */
export async function prepareProgram(request: ProgramRequest): Promise<Program> {
  const begin = performance.now();
  const seconds = () => (performance.now() - begin) / 1000;
  const eager = (reason: string | null) => eagerProgram(request, reason, seconds());
  if (!hasNative() || request.engine === 'eager') return eager(null);
  const item = itemAt(request.items, 0);
  const traced = trace((given) => runOnce(request.body, given), examples(request, item));
  tf.dispose(item);
  if (!traced.ok) return eager(traced.reason);
  const chosen = request.engine
    ? { engine: request.engine, reason: null }
    : chooseEngine(traced.trace);
  const reasons = chosen.reason === null ? [] : [chosen.reason];
  const engines = chosen.engine === 'xla' ? (['xla', 'graph'] as const) : (['graph'] as const);
  for (const engine of engines) {
    let made = await compile(traced.trace, request, engine);
    // What XLA compiled earlier may have been damaged on the disk: once more without it.
    if (!made.ok && engine === 'xla' && forgetPrograms()) {
      made = await compile(traced.trace, request, engine);
    }
    if (made.ok) {
      const reason = reasons.length > 0 ? reasons.join('; ') : null;
      const facts = { engine, fingerprint: made.fingerprint, reason, compileSeconds: seconds() };
      return { facts, run: made.run, [Symbol.dispose]: made.dispose };
    }
    reasons.push(made.reason);
  }
  return eager(reasons.join('; '));
}

const named = (prefix: string, tensors: Tensors): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));

const below = (prefix: string, tensors: Tensors): Tensors =>
  Object.fromEntries(
    Object.entries(tensors).flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [],
    ),
  );

/** The traced function: all its arguments in one record, by their prefixes. */
function runOnce(body: ScanBody, given: Tensors): Tensors {
  const { carry, out } = body(
    below(prefixes.carry, given),
    below(prefixes.item, given),
    below(prefixes.fixed, given),
  );
  return { ...named(prefixes.carry, carry), ...named(prefixes.out, out) };
}

function examples({ carry, fixed }: ProgramRequest, item: Tensors): Tensors {
  return {
    ...named(prefixes.carry, carry),
    ...named(prefixes.item, item),
    ...named(prefixes.fixed, fixed),
  };
}

function checkRange({ items, begin, end }: ProgramCall): void {
  // TensorFlow would clamp it, and repeat the last item in silence.
  if (!(begin >= 0 && begin <= end && end <= countOf(items))) {
    throw new Error(`internal: items ${begin} to ${end} of ${countOf(items)}`);
  }
}

type Compiled =
  | {
      readonly ok: true;
      readonly fingerprint: string;
      readonly run: Program['run'];
      readonly dispose: () => void;
    }
  | { readonly ok: false; readonly reason: string };

async function compile(
  traced: Trace,
  { carry, items, fixed }: ProgramRequest,
  engine: 'xla' | 'graph',
): Promise<Compiled> {
  const isXla = engine === 'xla';
  const graph = scanGraph(isXla ? forXla(traced) : traced, countOf(items), isXla);
  let loaded: LoadedGraph | undefined;
  try {
    loaded = await load(graph);
    const run = runner(loaded);
    // No item at all: TensorFlow compiles, and tells what it cannot.
    const nothing = run({ carry, items, fixed, begin: 0, end: 0 });
    tf.dispose([nothing.carry, nothing.out]);
    const { [Symbol.dispose]: dispose } = loaded;
    return { ok: true, fingerprint: fingerprint(graph), run, dispose };
  } catch (error) {
    loaded?.[Symbol.dispose]();
    // What engine a program has may not depend on how much memory there is: its numbers would, too.
    if (!(error instanceof Error) || isOutOfMemory(error.message)) throw error;
    const said = error.message.split('\n')[0]?.slice(0, 200);
    return { ok: false, reason: `TensorFlow could not compile it as ${engine}: ${said}` };
  }
}

function runner(loaded: LoadedGraph): Program['run'] {
  return (call) => {
    checkRange(call);
    const { carry, items, fixed, begin, end } = call;
    const bounds = { begin: tf.scalar(begin, 'int32'), end: tf.scalar(end, 'int32') };
    try {
      const results = loaded.run({
        ...bounds,
        ...named(prefixes.carry, carry),
        ...named(prefixes.items, items),
        ...named(prefixes.fixed, fixed),
      });
      return {
        carry: below(prefixes.carry, results),
        out: ranOnly(below(prefixes.out, results), begin, end),
      };
    } finally {
      tf.dispose(bounds);
    }
  };
}

/** The entries of the items that ran; the whole is disposed of. */
function ranOnly(out: Tensors, begin: number, end: number): Tensors {
  const isWhole = (tensor: tf.Tensor) => begin === 0 && tensor.shape[0] === end;
  const cut = Object.entries(out).map(([name, tensor]) => {
    if (isWhole(tensor)) return [name, tensor];
    const part = tensor.slice(begin, end - begin);
    tensor.dispose();
    return [name, part];
  });
  return Object.fromEntries(cut);
}

/** The plain loop, which the others are compared with. */
function eagerProgram({ body }: ProgramRequest, reason: string | null, seconds: number): Program {
  return {
    facts: { engine: 'eager', fingerprint: null, reason, compileSeconds: seconds },
    run(call) {
      checkRange(call);
      return eagerRun(body, call);
    },
    [Symbol.dispose]() {},
  };
}
