/** @file tfjs-node's own `model.fit`: steps/s of the two-head model, from the second epoch on. */
import * as tf from '@tensorflow/tfjs';
import { engineEnvironment, loadEngine, prepareEngine } from '../../../src/engine/index.ts';

const [batch = 32, rows = 64_000, seconds = 3] = process.argv.slice(2, 5).map(Number);
const features = 64;

const prepared = await prepareEngine('native', (line) => process.stderr.write(`${line}\n`));
if (!prepared.ok) throw new Error(prepared.reason);
// One thread and no oneDNN: 1.2 times as fast here as what TensorFlow chooses by itself.
Object.assign(process.env, engineEnvironment(prepared.plan));
const loaded = await loadEngine(prepared.plan);
if (!loaded.ok) throw new Error(loaded.reason);

const input = tf.input({ shape: [features] });
const dense = (units: number, activation?: 'relu' | 'sigmoid') =>
  tf.layers.dense({ units, activation });
const hidden = [128, 64].reduce<tf.SymbolicTensor>(
  (below, units) => dense(units, 'relu').apply(below) as tf.SymbolicTensor,
  input,
);
const outputs = [dense(1, 'sigmoid').apply(hidden), dense(1).apply(hidden)] as tf.SymbolicTensor[];
const model = tf.model({ inputs: input, outputs });
model.compile({
  optimizer: tf.train.adam(0.001),
  loss: ['binaryCrossentropy', 'meanSquaredError'],
});

const x = tf.randomNormal([rows, features]);
const y = [tf.randomUniform([rows, 1]).round(), tf.randomNormal([rows, 1])];
const steps = Math.floor(rows / batch);
let [begin, done, firstLoss, lastLoss] = [0, 0, 0, 0];
await model.fit(x, y, {
  ...{ batchSize: batch, epochs: 1000, verbose: 0 },
  callbacks: {
    onEpochEnd: (epoch, logs) => {
      lastLoss = logs?.loss ?? Number.NaN;
      if (epoch === 0) [begin, firstLoss] = [performance.now(), lastLoss];
      else done += steps;
      if (epoch > 0 && performance.now() - begin >= seconds * 1000) model.stopTraining = true;
    },
  },
});
const stepsPerSecond = (done * 1000) / (performance.now() - begin);
process.stdout.write(`${JSON.stringify({ stepsPerSecond, firstLoss, lastLoss })}\n`);
