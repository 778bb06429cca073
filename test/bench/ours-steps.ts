/** @file Ours: steps/s of the two-head model, compiled. `tsx ours-steps.ts BATCH ROWS SECONDS UNITS ENGINE`. */
import * as tf from '@tensorflow/tfjs';
import type { ScanBody } from '../../src/compile/index.ts';
import { engineEnvironment, loadEngine, prepareEngine } from '../../src/engine/index.ts';

const [batch = 32, rows = 64_000, seconds = 3] = process.argv.slice(2, 5).map(Number);
const units = (process.argv[5] ?? '128,64').split(',');
const wanted = process.argv[6] ?? 'auto';
const features = 64;

const prepared = await prepareEngine('native', (line) => process.stderr.write(`${line}\n`));
if (!prepared.ok) throw new Error(prepared.reason);
Object.assign(process.env, engineEnvironment(prepared.plan, Number(process.env.THREADS ?? 1)));
const loaded = await loadEngine(prepared.plan);
if (!loaded.ok) throw new Error(loaded.reason);
// Imported here and not above: tfjs chooses its backend while it is imported.
const { prepareProgram } = await import('../../src/compile/index.ts');
const { batchItems, batchOf } = await import('../../src/execute/batches.ts');
const { buildModel } = await import('../../src/model/index.ts');
const { rng } = await import('../../src/plan/random.ts');
const { createStep } = await import('../../src/step/index.ts');
const { spec: resolve } = await import('../spec/example.ts');

type Tensors = Readonly<Record<string, tf.Tensor>>;

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
const steps = Math.ceil(rows / batch);
const built = buildModel({ ...spec, signature, replicate: 0, lossActivation: () => 'linear' });
const step = createStep({
  ...{ built, spec, signature, replicate: 0, stepsPerEpoch: steps },
  tasks: built.tasks,
});
const data: Tensors = {
  'input/features': tf.randomNormal([rows, features]),
  'label/clicked': tf.randomUniform([rows, 1]).round(),
  'label/spent': tf.randomNormal([rows, 1]),
};
const hyper = Object.fromEntries(
  Object.entries(step.hyperparameters).map(([name, value]) => [name, tf.scalar(value)]),
);
/** As in training: the rows of an epoch in a new order, batch by batch. */
const itemsOf = (epoch: number): Tensors =>
  batchItems(data, rng(1, 0, 'shuffle', epoch).permutation(rows), steps, batch);
const body: ScanBody = (carry, item, given) => {
  const { state, losses } = step.step(carry, batchOf(item, step.tasks), given as typeof hyper);
  return { carry: state, out: { losses } };
};
let carry: Tensors = step.initialState();
const program = await prepareProgram({
  ...{ body, carry, items: itemsOf(0), fixed: hyper },
  engine: wanted === 'xla' || wanted === 'graph' || wanted === 'eager' ? wanted : null,
});

/** The mean loss of an epoch, read back as training does. */
function trainEpoch(epoch: number): number {
  const items = itemsOf(epoch);
  const result = program.run({ carry, items, fixed: hyper, begin: 0, end: steps });
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
