/** @file Ours: steps/s of the two-head model, compiled. `tsx ours-steps.ts BATCH ROWS SECONDS UNITS ENGINE`. */
import * as tf from '@tensorflow/tfjs';
import { engineEnvironment, loadEngine, prepareEngine } from '../../src/engine/index.ts';

const [batch = 32, rows = 64_000, seconds = 3] = process.argv.slice(2, 5).map(Number);
const units = (process.argv[5] ?? '128,64').split(',');
const wanted = process.argv[6] ?? 'auto';
const features = 64;

const prepared = await prepareEngine('native', (line) => process.stderr.write(`${line}\n`));
if (!prepared.ok) throw new Error(prepared.reason);
Object.assign(process.env, engineEnvironment(prepared.plan));
const loaded = await loadEngine(prepared.plan);
if (!loaded.ok) throw new Error(loaded.reason);
// Imported here and not above: tfjs chooses its backend while it is imported.
const { prepareProgram } = await import('../../src/compile/index.ts');
const { buildModel } = await import('../../src/model/index.ts');
const { rng } = await import('../../src/plan/random.ts');
const { createStep } = await import('../../src/step/index.ts');
const { spec: resolve } = await import('../spec/example.ts');

type Tensors = Readonly<Record<string, tf.Tensor>>;
const prefixed = (prefix: string, tensors: Tensors): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));
const below = (prefix: string, tensors: Tensors): Tensors =>
  Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );

const spec = resolve(`
experiment: steps
seed: 1
data: { source: none, split: { train: 0.8, validation: 0.2 }, features: [{ columns: x, type: number }] }
shared: { layers: [${units.map((each) => `dense: { units: ${each}, activation: relu }`)}] }
heads:
  clicked: { target: clicked, type: binary }
  spent: { target: spent, type: regression, loss: meanSquaredError }
training: { batchSize: ${batch}, optimizer: { adam: { learningRate: 0.001 } } }
`);
const target = {
  columns: 1,
  classes: null,
  transform: { kind: 'none' },
  classWeights: null,
} as const;
const signature = {
  inputs: [{ kind: 'dense', name: 'features', width: features }],
  targets: { clicked: target, spent: target },
} as const;
const steps = Math.floor(rows / batch);
const built = buildModel({ ...spec, signature, replicate: 0, lossActivation: () => 'linear' });
const step = createStep({
  ...{ built, spec, signature, replicate: 0, stepsPerEpoch: steps },
  tasks: built.tasks,
});
const ones = tf.ones<tf.Rank.R1>([rows]);
const data: Tensors = {
  features: tf.randomNormal([rows, features]),
  clicked: tf.randomUniform([rows, 1]).round(),
  spent: tf.randomNormal([rows, 1]),
  ones,
};
const hyper = Object.fromEntries(
  Object.entries(step.hyperparameters).map(([name, value]) => [name, tf.scalar(value)]),
);
const fixed = { ...prefixed('data/', data), ...prefixed('hyper/', hyper) };

/** One step on the rows that the item names. */
function body(carry: Tensors, item: Tensors, given: Tensors) {
  const gather = <Rank extends tf.Rank>(name: string) =>
    tf.gather(given[`data/${name}`] as tf.Tensor, item.rows as tf.Tensor1D) as tf.Tensor<Rank>;
  const one = gather<tf.Rank.R1>('ones');
  const rowsOfStep = {
    inputs: { features: gather<tf.Rank.R2>('features') },
    labels: { clicked: gather<tf.Rank.R2>('clicked'), spent: gather<tf.Rank.R2>('spent') },
    present: { clicked: one, spent: one },
    weights: one,
    mask: one,
  };
  const hyperparameters = below('hyper/', given) as Readonly<Record<string, tf.Scalar>>;
  const { state, losses } = step.step(carry, rowsOfStep, hyperparameters);
  return { carry: state, out: { losses } };
}

/** A new order each epoch, as in training. */
const orderOf = (epoch: number): Tensors => ({
  rows: tf.tensor2d(
    rng(1, 0, 'shuffle', epoch)
      .permutation(rows)
      .subarray(0, steps * batch),
    [steps, batch],
    'int32',
  ),
});
let carry: Tensors = step.initialState();
const program = await prepareProgram({
  ...{ body, carry, items: orderOf(0), fixed },
  engine: wanted === 'xla' || wanted === 'graph' || wanted === 'eager' ? wanted : null,
});

/** The mean loss of an epoch, read back as training does. */
function trainEpoch(epoch: number): number {
  const items = orderOf(epoch);
  const result = program.run({ carry, items, fixed, begin: 0, end: steps });
  const losses = [...(result.out.losses as tf.Tensor).dataSync()];
  tf.dispose([items, carry, result.out]);
  carry = result.carry;
  return losses.reduce((sum, loss) => sum + loss, 0) / steps;
}

const firstLoss = trainEpoch(0);
const begin = performance.now();
const elapsed = () => (performance.now() - begin) / 1000;
let [done, lastLoss] = [0, firstLoss];
for (let epoch = 1; elapsed() < seconds; epoch++) {
  lastLoss = trainEpoch(epoch);
  done += steps;
}
const { compileSeconds, engine, reason } = program.facts;
const stepsPerSecond = done / elapsed();
const figures = { stepsPerSecond, firstLoss, lastLoss, compileSeconds, engine, reason };
process.stdout.write(`${JSON.stringify(figures)}\n`);
