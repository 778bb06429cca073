/** @file The backend of tests that compute: wasm, which is everywhere. */
import * as tf from '@tensorflow/tfjs';
import { loadEngine, prepareEngine } from '../../src/engine/index.ts';

const prepared = await prepareEngine('wasm', () => {});
if (!prepared.ok) throw new Error(prepared.reason);
const loaded = await loadEngine(prepared.plan);
if (!loaded.ok) throw new Error(loaded.reason);

export { tf };
