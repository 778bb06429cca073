import assert from 'node:assert/strict';
import { test } from 'node:test';
import { embedding } from '../../src/data/encodings/embedding.ts';
import {
  buildModel,
  checkModel,
  layers,
  modelFiles,
  modelFromFiles,
  weightCount,
} from '../../src/model/index.ts';
import type { ResolvedSpec } from '../../src/spec/schema/experiment.ts';
import { spec as resolved } from '../spec/example.ts';
import { tf } from '../step/backend.ts';
import { signature } from '../step/small-model.ts';

/** A spec with these shared layers, written as in a file. */
function withLayers(shared: string, head = '[]'): ResolvedSpec {
  return resolved(`
experiment: layers
seed: 5
data:
  source: x.csv
  split: { train: 0.8, validation: 0.2 }
  features: [{ columns: x, type: number }]
shared: { layers: ${shared} }
heads:
  ill: { target: ill, type: binary }
  days: { target: days, type: regression, layers: ${head} }
`);
}
const build = (spec: ResolvedSpec, replicate = 0) =>
  buildModel({ ...spec, signature, replicate, lossActivation: () => 'linear' });

const samples: Readonly<Record<string, string>> = {
  dense:
    '[{ dense: { units: 5, activation: tanh, kernelInitializer: { randomNormal: { stddev: 0.1 } }, kernelRegularizer: { l2: 0.01 }, biasConstraint: nonNeg } }]',
  dropout: '[dropout: 0.3]',
  batchNormalization: '[{ batchNormalization: { momentum: 0.9, scale: false } }]',
  layerNormalization: '[layerNormalization]',
  activation: '[activation: relu]',
  residual:
    '[{ dense: 8 }, { residual: [{ dense: { units: 4, activation: relu } }, { dense: 8 }] }, { residual: { layers: [{ dense: 3 }], projection: true } }]',
};
for (const { name } of layers) {
  test(`${name} is built of standard layers: the saved model loads in plain tfjs and predicts the same`, async () => {
    const { model } = build(withLayers(samples[name] ?? ''));
    const inputs = [
      tf.randomNormal([6, 4], 0, 1, 'float32', 1),
      tf.tensor2d(
        [
          [0, 3],
          [1, 4],
          [2, 5],
          [0, 5],
          [1, 3],
          [2, 4],
        ],
        [6, 2],
        'int32',
      ),
    ];
    const loaded = await modelFromFiles(await modelFiles(model));
    const [ours, theirs] = [model.predict(inputs), loaded.predict(inputs)].map((each) =>
      [each].flat().map((tensor) => [...tensor.dataSync()]),
    );
    assert.deepEqual(theirs, ours);
    assert.equal(ours?.length, 2);
  });
}

test('adding a head or a layer of another head changes no weight of the rest', () => {
  const weights = (spec: ResolvedSpec) => {
    const { model } = build(spec);
    return new Map(
      model.weights.map((weight) => [weight.originalName, [...weight.read().dataSync()]]),
    );
  };
  const plain = weights(withLayers('[{ dense: 5 }]'));
  const other = weights(withLayers('[{ dense: 5 }]', '[{ dense: 3 }]'));
  for (const name of [
    'shared/0/dense/kernel',
    'heads/ill/output/kernel',
    'inputs/embedding_0/embeddings',
  ]) {
    assert.ok(plain.has(name), [...plain.keys()].join(' '));
    assert.deepEqual(other.get(name), plain.get(name));
  }
  assert.notDeepEqual(
    weights(withLayers('[{ dense: 5 }, { dense: 5 }]')).get('shared/1/dense/kernel'),
    plain.get('shared/0/dense/kernel'),
  );
});

test('a model’s files are the same whichever models were made before it', async () => {
  const filesOf = () => modelFiles(build(withLayers('[{ dense: 5 }]')).model);
  const first = await filesOf();
  build(withLayers('[{ dense: 3 }]'));
  assert.deepEqual(await filesOf(), first);
});

test('the weights are counted', () => {
  const { model } = build(withLayers('[{ dense: 5 }]'));
  // Embedding 6 x 3, dense (4 + 2 x 3) x 5 + 5, two outputs of 5 + 1.
  assert.equal(weightCount(model), 18 + 55 + 12);
});

test('layers that do not fit are a problem with their shapes', () => {
  const problems = (shared: string, head?: string) => checkModel(withLayers(shared, head));
  assert.deepEqual(problems('[{ dense: 8 }, { residual: [{ dense: 4 }] }]'), [
    {
      path: ['shared', 'layers', 1, 'residual', 'layers'],
      expected: 'layers that end as wide as their input, [batch, 8], or projection: true',
      came: '[batch, 4]',
    },
  ]);
  assert.deepEqual(problems('[{ dense: 8 }]', '[{ batchNormalization: { axis: 2 } }]')[0]?.path, [
    'heads',
    'days',
    'layers',
    0,
    'batchNormalization',
    'axis',
  ]);
  assert.deepEqual(problems('[{ dense: 8 }, { residual: [{ dense: 8 }] }]'), []);
});

test('a bare number is the one that its name asks for', () => {
  const { model } = build(
    withLayers(
      '[{ dense: { units: 5, kernelConstraint: { maxNorm: 3 }, kernelRegularizer: { l1: 0.2 }, biasInitializer: { constant: 0.5 } } }]',
    ),
  );
  const layer = model.getLayer('shared/0/dense');
  const { kernelConstraint, kernelRegularizer } = layer.getConfig();
  assert.deepEqual(kernelConstraint, { className: 'MaxNorm', config: { maxValue: 3, axis: 0 } });
  assert.deepEqual(kernelRegularizer, { className: 'L1L2', config: { l1: 0.2, l2: 0 } });
  const bias = layer.weights.find(({ name }) => name.includes('bias'));
  assert.deepEqual([...(bias?.read().dataSync() ?? [])], Array(5).fill(0.5));
});

test('every initializer that an embedding offers makes vectors', () => {
  const { embeddingsInitializer } = Object(embedding.options).properties;
  for (const initializer of embeddingsInitializer.enum) {
    const inputs = signature.inputs.map((input) =>
      input.kind === 'codes'
        ? { ...input, embedding: { ...input.embedding, embeddingsInitializer: initializer } }
        : input,
    );
    const spec = withLayers('[{ dense: 5 }]');
    const { model } = buildModel({
      ...spec,
      signature: { ...signature, inputs },
      replicate: 0,
      lossActivation: () => 'linear',
    });
    assert.equal(weightCount(model), 18 + 55 + 12);
  }
});

test('a norm that is to be above its own limit fails with both', () => {
  const wrong = '{ minMaxNorm: { minValue: 2, maxValue: 1 } }';
  assert.throws(
    () => build(withLayers(`[{ dense: { units: 5, kernelConstraint: ${wrong} } }]`)),
    /minValue, 2, is above its maxValue, 1/,
  );
});
