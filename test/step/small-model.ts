/** @file A small model with two heads for tests, and rows for it. */
import type { DataSignature } from '../../src/data/signature.ts';
import { buildModel } from '../../src/model/index.ts';
import { rng } from '../../src/plan/random.ts';
import type { HeadSpec, ResolvedSpec } from '../../src/spec/schema/experiment.ts';
import { createStep, type StepBatch } from '../../src/step/index.ts';
import { tf } from './backend.ts';

export const denseOptions = {
  activation: 'relu',
  useBias: true,
  kernelInitializer: 'glorotUniform',
  biasInitializer: 'zeros',
};
const target = { classes: null, transform: { kind: 'none' }, classWeights: null } as const;
export const signature: DataSignature = {
  inputs: [
    { kind: 'dense', name: 'features', width: 4 },
    {
      kind: 'codes',
      name: 'embedding_0',
      columns: 2,
      vocabulary: 6,
      embedding: { outputDim: 3, embeddingsInitializer: 'randomUniform' },
    },
  ],
  targets: { ill: { ...target, columns: 1 }, days: { ...target, columns: 1 } },
};
const head = (type: string, loss: HeadSpec['loss']): HeadSpec => ({
  target: ['t'],
  type,
  loss,
  weight: 1,
  weightSchedule: { constant: {} },
  metrics: [],
  layers: [],
});
export const adam = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0 };
export const spec: Pick<ResolvedSpec, 'shared' | 'heads' | 'weighting' | 'training' | 'seed'> = {
  shared: {
    sharing: { hard: {} },
    layers: [{ dense: { units: 8, ...denseOptions } }, { dropout: { rate: 0.2 } }],
  },
  heads: {
    ill: head('binary', { binaryCrossentropy: { labelSmoothing: 0 } }),
    days: head('regression', { meanSquaredError: {} }),
  },
  weighting: { fixed: {} },
  training: {
    epochs: 10,
    batchSize: 32,
    optimizer: { adam },
    learningRateSchedule: { constant: {} },
    shuffle: true,
  },
  seed: 5,
};

/** Model and step of a changed spec. */
export function small(changes: Partial<typeof spec> = {}, replicate = 0) {
  const changed = { ...spec, ...changes };
  const built = buildModel({ ...changed, signature, replicate, lossActivation: () => 'linear' });
  const tasks = Object.keys(changed.heads);
  const step = createStep({
    built,
    spec: changed,
    signature,
    replicate,
    stepsPerEpoch: 4,
    tasks,
  });
  const hyper = Object.fromEntries(
    Object.entries(step.hyperparameters).map(([name, value]) => [name, tf.scalar(value)]),
  );
  return { built, step, hyper };
}

/** `ill` and `days` follow the features; `absent` rows of `ill` have no label. */
export function rows(count: number, absent: (row: number) => boolean = () => false): StepBatch {
  const { next, integer } = rng(count, 'rows');
  const features = Array.from({ length: count }, () =>
    Array.from({ length: 4 }, () => next() * 2 - 1),
  );
  const codes = features.map(() => [integer(3), 3 + integer(3)]);
  const first = features.map(([x = 0]) => x);
  return {
    inputs: {
      features: tf.tensor2d(features),
      embedding_0: tf.tensor2d(codes, [count, 2], 'int32'),
    },
    labels: {
      ill: tf.tensor2d(first.map((x) => [x > 0 ? 1 : 0])),
      days: tf.tensor2d(first.map((x) => [2 * x + 1])),
    },
    present: {
      ill: tf.tensor1d(first.map((_, row) => (absent(row) ? 0 : 1))),
      days: tf.ones([count]),
    },
    weights: tf.ones([count]),
    mask: tf.ones([count]),
  };
}
