import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { trace, traceText } from '../../src/compile/index.ts';
import { withValues } from '../../src/spec/index.ts';
import { catalog, spec as resolved } from '../spec/example.ts';
import { tf } from './native.ts';

const { buildModel } = await import('../../src/model/index.ts');
const { createStep } = await import('../../src/step/index.ts');
const { batchOf } = await import('../../src/execute/batches.ts');

const base = resolved(`
experiment: snapshot
data: { source: x.csv, split: { train: 0.8, validation: 0.2 }, features: [{ columns: x, type: number }] }
shared: { layers: [dense: { units: 3, activation: relu }] }
heads:
  ill: { target: a, type: binary }
  days: { target: b, type: regression, loss: huber, weight: 0.5 }
training: { optimizer: sgd }
`);
const target = {
  columns: 1,
  classes: null,
  transform: { kind: 'none' },
  classWeights: null,
} as const;
const signature = {
  inputs: [{ kind: 'dense', name: 'features', width: 2 } as const],
  targets: { ill: target, days: target },
};

/** The trace of a step on batches of four rows, as text. */
function stepText(values: Readonly<Record<string, unknown>>): string {
  const spec = withValues(base, values, catalog);
  const built = buildModel({ ...spec, signature, replicate: 0, lossActivation: () => 'linear' });
  const tasks = Object.keys(spec.heads);
  const step = createStep({ built, spec, signature, replicate: 0, stepsPerEpoch: 2, tasks });
  const hyper = Object.fromEntries(
    Object.entries(step.hyperparameters).map(([name, value]) => [
      `hyper/${name}`,
      tf.scalar(value),
    ]),
  );
  const state = Object.entries(step.initialState()).map(([name, value]) => [
    `state/${name}`,
    value,
  ]);
  const given = {
    ...Object.fromEntries(state),
    ...hyper,
    'item/input/features': tf.zeros([4, 2]),
    'item/label/ill': tf.zeros([4, 1]),
    'item/label/days': tf.zeros([4, 1]),
    'item/mask': tf.ones([4]),
  };
  const below = (prefix: string, all: Readonly<Record<string, tf.Tensor>>) =>
    Object.fromEntries(
      Object.entries(all).flatMap(([name, value]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
      ),
    );
  const traced = trace((all) => {
    const batch = batchOf(below('item/', all), tasks);
    const next = step.step(
      below('state/', all),
      batch,
      below('hyper/', all) as Parameters<typeof step.step>[2],
    );
    return { ...next.state, losses: next.losses };
  }, given);
  assert.ok(traced.ok, traced.ok ? '' : traced.reason);
  built.model.dispose();
  return `${traceText(traced.trace)}\n`;
}

/** `UPDATE_SNAPSHOTS=1 npm test -- snapshots` writes them anew: read the difference before you commit it. */
function matches(name: string, text: string): void {
  const path = join(import.meta.dirname ?? '', 'snapshots', `${name}.txt`);
  if (process.env.UPDATE_SNAPSHOTS || !existsSync(path)) {
    assert.ok(!process.env.CI, `${path} is missing`);
    writeFileSync(path, text);
  }
  assert.equal(text, readFileSync(path, 'utf8'));
}

test('two heads on a hidden layer, by gradient descent', () =>
  matches('two-heads-sgd', stepText({})));

test('dropout draws its mask in the graph, from seed and step', () => {
  const text = stepText({ 'shared.layers': [{ dropout: 0.5 }] });
  assert.match(text, /BitwiseAnd\(.*# shared\/0\/dropout/);
  matches('dropout', text);
});

test('batch normalisation moves its averages as part of the state', () => {
  const text = stepText({ 'shared.layers': ['batchNormalization'] });
  assert.match(text, /^averages\/shared\/0\/batchNormalization\/moving_mean <- %/m);
  matches('batch-normalization', text);
});
