/** @file The backend of tests that compile: native TensorFlow. */
import * as tf from '@tensorflow/tfjs';
import { engineEnvironment, loadEngine, prepareEngine } from '../../src/engine/index.ts';

const prepared = await prepareEngine('native', (line) => process.stderr.write(`${line}\n`));
if (!prepared.ok) throw new Error(prepared.reason);
export const { plan } = prepared;
Object.assign(process.env, engineEnvironment(plan));
const loaded = await loadEngine(plan);
if (!loaded.ok) throw new Error(loaded.reason);

export { tf };
