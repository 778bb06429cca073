import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog } from '../../src/catalog.ts';
import type { ProgramEngine } from '../../src/compile/index.ts';
import { withValues } from '../../src/spec/index.ts';
import { hospital, prepared } from './hospital.ts';
import { tf } from './native.ts';

const { prepareTraining } = await import('../../src/execute/prepare-training.ts');
const { trainEpoch } = await import('../../src/execute/train-epoch.ts');
const { firstNote } = await import('../../src/execute/training-note.ts');
const { evaluateSplit } = await import('../../src/execute/evaluate.ts');

const only = (heads: typeof hospital.heads, names: readonly string[]) =>
  Object.fromEntries(Object.entries(heads).filter(([name]) => names.includes(name)));

/** One epoch: 104 steps, the last one smaller. State, loss sums and predictions after it. */
async function train(spec: typeof hospital, tasks: readonly string[], engine: ProgramEngine) {
  const { data, shared, heads, weighting, training: how, seed } = spec;
  const trialSpec = { data, shared, heads: only(heads, tasks), weighting, training: how, seed };
  using training = await prepareTraining({
    number: 1,
    trial: { id: 'x', tasks, replicate: 0, spec: trialSpec, heads },
    data: await prepared(spec),
    checkpoint: null,
    program: '',
    threads: 1,
    engine,
  });
  assert.equal(training.use.engine, engine, training.use.reason ?? '');
  const job = { number: 1, trial: { id: 'x', tasks, replicate: 0, spec: trialSpec, heads } };
  const position = { state: training.initialState(), best: {}, note: firstNote(tasks.length) };
  const whole = { ...job, data: '', checkpoint: null, program: '', threads: 1, engine };
  assert.ok(await trainEpoch(whole, training, position, async () => true));
  const measured = await evaluateSplit(training, position.state, training.held.validation);
  const state = Object.entries(position.state).map(([name, tensor]) => [name, tensor.dataSync()]);
  tf.dispose(position.state);
  const outputs = Object.entries(measured.outputs).map(([name, each]) => [`outputs/${name}`, each]);
  const lossSums = Float32Array.from(position.note.lossSums);
  return {
    steps: position.note.position,
    isReused: training.use.isReused,
    values: Object.fromEntries([...state, ...outputs, ['lossSums', lossSums]]) as Record<
      string,
      Float32Array
    >,
  };
}

/** The largest difference of any tensor, relative to its scale. */
function difference(one: Record<string, Float32Array>, other: Record<string, Float32Array>) {
  let [worst, where] = [0, ''];
  for (const [name, values] of Object.entries(one)) {
    const scale = Math.max(...values.map(Math.abs), 1e-3);
    for (const [index, value] of values.entries()) {
      const distance = Math.abs(value - (other[name]?.[index] ?? Number.NaN)) / scale;
      if (!(distance <= worst)) [worst, where] = [distance, name];
    }
  }
  return { worst, where };
}

interface Options {
  /** Of the spec's; two are quicker than four, where it is not about heads. */
  readonly heads?: readonly string[];
  /** That count; default: all of these heads. */
  readonly tasks?: readonly string[];
  readonly engines?: readonly ProgramEngine[];
}

function compare(
  title: string,
  values: Readonly<Record<string, unknown>>,
  { heads = ['circulatory', 'stay'], tasks = heads, engines = ['xla'] }: Options = {},
) {
  test(`${title}: the compiled steps equal the eager ones`, async (t) => {
    const changed = withValues(hospital, values, catalog);
    const spec = { ...changed, heads: only(changed.heads, heads) };
    const eager = await train(spec, tasks, 'eager');
    assert.ok(eager.steps > 100);
    for (const engine of engines) {
      const compiled = await train(spec, tasks, engine);
      const { worst, where } = difference(eager.values, compiled.values);
      t.diagnostic(`${engine}: ${worst.toExponential(1)} in ${where || 'nothing'}`);
      assert.ok(worst < 1e-5, `${engine} differs by ${worst} in ${where}`);
    }
  });
}

const trunk = (layer: unknown) => ({
  'shared.layers': [{ dense: { units: 16, activation: 'relu' } }, layer],
});
/** Options that use more of a kind than its defaults do. */
const options: Readonly<Record<string, unknown>> = {
  dense: {
    dense: {
      units: 12,
      activation: 'gelu',
      kernelRegularizer: { l1l2: { l1: 0.001, l2: 0.01 } },
      biasConstraint: 'nonNeg',
      kernelConstraint: { maxNorm: 2 },
    },
  },
  dropout: { dropout: 0.3 },
  activation: { activation: 'swish' },
  residual: {
    residual: [
      // Without a bias: before a normalisation its gradient is rounding errors, which Adam scales up.
      { dense: { units: 16, activation: 'tanh', useBias: false } },
      'batchNormalization',
      { dropout: 0.1 },
    ],
  },
};

compare(
  'every head, masked, weighted, smoothed',
  {},
  { heads: Object.keys(hospital.heads), engines: ['graph', 'xla'] },
);
compare('a control beside the heads that ride along', {}, { tasks: ['stay'] });
for (const { name } of catalog.layer) compare(`layer ${name}`, trunk(options[name] ?? name));
for (const { name } of catalog.sharing) compare(`sharing ${name}`, { 'shared.sharing': name });
for (const { name } of catalog.optimizer) {
  compare(`optimizer ${name}`, {
    'training.optimizer': { [name]: { learningRate: 0.003, weightDecay: 0.01 } },
    'training.clipNorm': 0.5,
  });
}
compare('optimizer momentum, as Nesterov', {
  'training.optimizer': { momentum: { learningRate: 0.003, useNesterov: true } },
});
compare('optimizer rmsprop, centered', {
  'training.optimizer': { rmsprop: { learningRate: 0.001, centered: true, momentum: 0.5 } },
});
for (const { name } of catalog.schedule) {
  const schedule =
    name === 'warmUp' ? { warmUp: { start: 0.2, warmUpEpochs: 0.5, alpha: 0.1 } } : name;
  compare(`schedule ${name}`, {
    'training.learningRateSchedule': schedule,
    'heads.stay.weightSchedule': schedule,
  });
}
for (const { name } of catalog.weighting) compare(`weighting ${name}`, { weighting: name });
for (const loss of catalog.loss) {
  for (const [head, { type }] of Object.entries(hospital.heads)) {
    const transform = loss.name === 'poisson' ? { [`heads.${head}.transform`]: 'none' } : {};
    if (!loss.heads.includes(type)) continue;
    const values = { [`heads.${head}.loss`]: loss.name, ...transform };
    compare(`loss ${loss.name} of a ${type} head`, values, { heads: [head, 'stay'] });
  }
}
for (const { name } of catalog.encoding) {
  compare(`encoding ${name}`, { 'data.features[2].encode': name });
}

const constrained = (kind: string, numbers: Readonly<Record<string, number>>) =>
  trunk({ dense: { units: 12, kernelConstraint: { [kind]: numbers } } });
for (const [kind, sweep] of Object.entries({
  maxNorm: [{ maxValue: 0.5 }, { maxValue: 1 }, { maxValue: 1.5 }],
  minMaxNorm: [{ maxValue: 0.5 }, { minValue: 2, maxValue: 3 }, { maxValue: 0.5, rate: 0.1 }],
})) {
  test(`a sweep over ${kind} is one program, which equals the eager steps of each trial`, async () => {
    const heads = ['circulatory', 'stay'];
    const kernels: string[] = [];
    for (const [trial, numbers] of sweep.entries()) {
      const changed = withValues(hospital, constrained(kind, numbers), catalog);
      const spec = { ...changed, heads: only(changed.heads, heads) };
      const eager = await train(spec, heads, 'eager');
      const compiled = await train(spec, heads, 'xla');
      assert.equal(compiled.isReused, trial > 0);
      const { worst, where } = difference(eager.values, compiled.values);
      assert.ok(worst < 1e-5, `${JSON.stringify(numbers)} differs by ${worst} in ${where}`);
      kernels.push(String(compiled.values['weights/shared/1/dense/kernel']));
    }
    assert.equal(new Set(kernels).size, sweep.length);
  });
}
