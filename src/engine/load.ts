/** @file A worker's side: loads the engine into this process and makes it tfjs's backend. */
import { createRequire, Module } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import type * as tfjs from '@tensorflow/tfjs';
import type { Attempt, EnginePlan } from './engine-plan.ts';
import { registerNativeKernels } from './native-kernels.ts';
import { packageFolder } from './native-parts.ts';
import { keepNative } from './native-session.ts';
import { programCacheFlag } from './program-cache.ts';
import { completeWasm } from './wasm-kernels.ts';

const require = createRequire(import.meta.url);

/** Environment of a process that is to load the engine: quiet, and the same numbers each time. */
export function engineEnvironment(plan: EnginePlan, threads = 1): Record<string, string> {
  if (plan.name !== 'native') return {};
  return {
    TF_CPP_MIN_LOG_LEVEL: '3',
    // oneDNN makes eager small steps 1.5 times slower and changes nothing in compiled ones.
    TF_ENABLE_ONEDNN_OPTS: '0',
    // Not what the machine has: the number of threads may change the last bits, and most models
    // train faster with one.
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: '1',
    TF_XLA_FLAGS: [process.env.TF_XLA_FLAGS, programCacheFlag()].filter(Boolean).join(' '),
  };
}

/** After it, `@tensorflow/tfjs` computes with this engine. */
export async function loadEngine(plan: EnginePlan): Promise<Attempt<object>> {
  const tf: typeof tfjs = require('@tensorflow/tfjs');
  try {
    if (plan.addon === null) await loadWasm(tf);
    else loadNative(plan.addon, tf);
    // Spares checks of our own calls, and the plain backend's greeting.
    tf.env().set('PROD', true);
    const backend = plan.name === 'native' ? 'tensorflow' : 'wasm';
    if (!(await tf.setBackend(backend))) return { ok: false, reason: `${backend} did not start` };
    await tf.ready();
    return { ok: true };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { ok: false, reason: `the ${plan.name} engine did not load: ${error.message}` };
  }
}

function loadNative(addon: string, tf: typeof tfjs): void {
  restoreRemovedFunctions();
  const fromTfjsNode = createRequire(join(packageFolder('@tensorflow/tfjs-node'), 'package.json'));
  // tfjs-node asks this module where its addon is; it lies in our cache, not in node_modules.
  const finder = fromTfjsNode.resolve('@mapbox/node-pre-gyp');
  const standIn = Object.assign(new Module(finder), {
    id: finder,
    filename: finder,
    loaded: true,
    exports: { find: () => addon },
  });
  fromTfjsNode.cache[finder] = standIn;
  keepNative(fromTfjsNode('@tensorflow/tfjs-node'));
  registerNativeKernels(tf);
}

/** Node 23 dropped functions of `util` that tfjs-node calls. */
function restoreRemovedFunctions(): void {
  const removed = {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  };
  for (const [name, replacement] of Object.entries(removed)) {
    if (!(name in util)) Object.defineProperty(util, name, { value: replacement });
  }
}

async function loadWasm(tf: typeof tfjs): Promise<void> {
  const wasm: typeof import('@tensorflow/tfjs-backend-wasm') = require('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(`${join(packageFolder('@tensorflow/tfjs-backend-wasm'), 'dist')}/`);
  wasm.setThreadsCount(1);
  completeWasm(tf);
}
