/** @file How fast native TensorFlow multiplies matrices on one core. `tsx ours-matmul.ts ONEDNN SIDE…` */
import * as tf from '@tensorflow/tfjs';
import { engineEnvironment, loadEngine, prepareEngine } from '../../src/engine/index.ts';

const [onednn = '0', ...sides] = process.argv.slice(2);
const seconds = 1;

const prepared = await prepareEngine('native', (line) => process.stderr.write(`${line}\n`));
if (!prepared.ok) throw new Error(prepared.reason);
Object.assign(process.env, engineEnvironment(prepared.plan), { TF_ENABLE_ONEDNN_OPTS: onednn });
const loaded = await loadEngine(prepared.plan);
if (!loaded.ok) throw new Error(loaded.reason);

/** Billions of operations a second. */
function rateOf(side: number): number {
  const [one, other] = [tf.randomNormal([side, side]), tf.randomNormal([side, side])];
  const multiply = () => tf.dispose(tf.matMul(one, other));
  multiply();
  const begin = performance.now();
  let count = 0;
  for (; performance.now() - begin < seconds * 1000; count++) multiply();
  tf.dispose([one, other]);
  return (count * 2 * side ** 3) / (performance.now() - begin) / 1e6;
}

const rates = sides.map((side) => [side, rateOf(Number(side))]);
process.stdout.write(`${JSON.stringify(Object.fromEntries(rates))}\n`);
