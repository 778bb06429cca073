import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Named } from '../../src/model/index.ts';
import { tf } from './backend.ts';
import { denseOptions, rows, small } from './small-model.ts';

const kernel = 'weights/shared/0/dense/kernel';

/** The kernel of the trunk after one step. */
function kernelAfterStep(options: { kernelConstraint?: Named }): tf.Tensor {
  const layers = [{ dense: { units: 8, ...denseOptions, ...options } }];
  const { step, hyper } = small({ shared: { sharing: { hard: {} }, layers } });
  const { state } = step.step(step.initialState(), rows(32), hyper);
  return state[kernel] ?? tf.scalar(Number.NaN);
}

const make = tf.constraints;
const same: readonly [Named, ReturnType<typeof make.nonNeg>][] = [
  ['maxNorm', make.maxNorm({})],
  [{ maxNorm: { maxValue: 0.4 } }, make.maxNorm({ maxValue: 0.4 })],
  [{ maxNorm: { maxValue: 0.7, axis: 1 } }, make.maxNorm({ maxValue: 0.7, axis: 1 })],
  ['minMaxNorm', make.minMaxNorm({})],
  [
    { minMaxNorm: { minValue: 0.9, maxValue: 1.1, rate: 0.3, axis: 1 } },
    make.minMaxNorm({ minValue: 0.9, maxValue: 1.1, rate: 0.3, axis: 1 }),
  ],
  ['nonNeg', make.nonNeg()],
  ['unitNorm', make.unitNorm({})],
  [{ unitNorm: { axis: 1 } }, make.unitNorm({ axis: 1 })],
];
for (const [kernelConstraint, ours] of same) {
  test(`${JSON.stringify(kernelConstraint)} keeps a weight to what tfjs keeps it to`, () => {
    const free = kernelAfterStep({});
    const wanted = [...ours.apply(free).dataSync()];
    const found = [...kernelAfterStep({ kernelConstraint }).dataSync()];
    assert.equal(found.length, 4 * 8 + 6 * 8);
    for (const [index, value] of found.entries())
      assert.ok(Math.abs(value - (wanted[index] ?? 9)) < 1e-7, `${value}, ${wanted[index]}`);
  });
}

test('the numbers of constraints are arguments, on the weights that a layer has', () => {
  const bounded = { maxNorm: { maxValue: 3 } };
  const layers = [
    {
      dense: {
        units: 8,
        ...denseOptions,
        useBias: false,
        kernelConstraint: { minMaxNorm: { maxValue: 2, rate: 0.5 } },
        biasConstraint: bounded,
        biasRegularizer: { l2: 0.1 },
      },
    },
    { dense: { units: 4, ...denseOptions, kernelConstraint: 'unitNorm', biasConstraint: bounded } },
  ];
  const { step, hyper } = small({ shared: { sharing: { hard: {} }, layers } });
  const ofLayers = Object.entries(step.hyperparameters).filter(([name]) =>
    name.startsWith('layers/'),
  );
  assert.deepEqual(Object.fromEntries(ofLayers), {
    'layers/shared/0/dense/kernel/minValue': 0,
    'layers/shared/0/dense/kernel/maxValue': 2,
    'layers/shared/0/dense/kernel/rate': 0.5,
    'layers/shared/1/dense/bias/maxValue': 3,
  });
  const { state } = step.step(step.initialState(), rows(32), hyper);
  assert.ok(Object.values(state).every((tensor) => tensor.dataSync().every(Number.isFinite)));
});
