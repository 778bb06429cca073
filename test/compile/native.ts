/** @file The backend of tests that compile: native TensorFlow. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { engineEnvironment, loadEngine, prepareEngine } from '../../src/engine/index.ts';
import { openProgramCache } from '../../src/engine/program-cache.ts';

const prepared = await prepareEngine('native', (line) => process.stderr.write(`${line}\n`));
if (!prepared.ok) throw new Error(prepared.reason);
export const { plan } = prepared;

// What these tests compile is theirs alone, and compiled each time.
const folder = mkdtempSync(join(tmpdir(), 'programs-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.env.RUN_EXPERIMENT_CACHE = folder;
openProgramCache();

Object.assign(process.env, engineEnvironment(plan));
const loaded = await loadEngine(plan);
if (!loaded.ok) throw new Error(loaded.reason);

export { tf };
