/** @file Items/s of one function by one engine. `tsx ours-engines.ts FUNCTION ENGINE SECONDS`. */
import * as tf from '@tensorflow/tfjs';
import { engineEnvironment, loadEngine, prepareEngine } from '../../src/engine/index.ts';

const [name = 'dense', engine = 'xla', seconds = '2'] = process.argv.slice(2);
const prepared = await prepareEngine('native', () => {});
if (!prepared.ok) throw new Error(prepared.reason);
Object.assign(process.env, engineEnvironment(prepared.plan));
const loaded = await loadEngine(prepared.plan);
if (!loaded.ok) throw new Error(loaded.reason);
const { prepareProgram } = await import('../../src/compile/index.ts');

type Loss = (x: tf.Tensor, kernel: tf.Tensor) => tf.Scalar;
const square = (tensor: tf.Tensor) => tf.mean(tf.square(tensor)).asScalar();
/** A loss of a batch and a kernel; a step goes down its gradient. */
const functions: Readonly<Record<string, { x: number[]; kernel: number[]; loss: Loss }>> = {
  dense: {
    x: [64, 256],
    kernel: [256, 256],
    loss: (x, kernel) => square(tf.relu(tf.matMul(x, kernel))),
  },
  convolution: {
    x: [64, 16, 16, 8],
    kernel: [3, 3, 8, 16],
    loss: (x, kernel) => {
      const mapped = tf.relu(tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, 1, 'same'));
      return square(tf.maxPool(mapped as tf.Tensor4D, 2, 2, 'valid'));
    },
  },
};
const chosen = functions[name];
if (!chosen) throw new Error(`no function is called ${name}`);
/** In a call, so many that the call itself counts for little. */
const count = 64;
const items = { x: tf.randomNormal([count, ...chosen.x], 0, 1, 'float32', 1) };
let carry: { kernel?: tf.Tensor } = {
  kernel: tf.randomNormal(chosen.kernel, 0, 0.1, 'float32', 2),
};
const program = await prepareProgram({
  body: ({ kernel = tf.scalar(0) }, { x = tf.scalar(0) }) => {
    const { value, grad } = tf.valueAndGrad((each) => chosen.loss(x, each))(kernel);
    return { carry: { kernel: tf.sub(kernel, tf.mul(0.01, grad)) }, out: { value } };
  },
  ...{ carry: carry as Record<string, tf.Tensor>, items, fixed: {} },
  engine: engine === 'xla' || engine === 'graph' ? engine : 'eager',
});
const run = () => {
  const result = program.run({
    carry: carry as Record<string, tf.Tensor>,
    items,
    fixed: {},
    begin: 0,
    end: count,
  });
  result.carry.kernel?.dataSync();
  tf.dispose([carry, result.out]);
  carry = result.carry;
};
run();
const begin = performance.now();
let done = 0;
while (performance.now() - begin < 1000 * Number(seconds)) {
  run();
  done += count;
}
const itemsPerSecond = (done * 1000) / (performance.now() - begin);
process.stdout.write(`${JSON.stringify({ itemsPerSecond, engine: program.facts.engine })}\n`);
