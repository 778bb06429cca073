import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog } from '../../src/catalog.ts';
import { withValues } from '../../src/spec/index.ts';
import { structureOf } from '../../src/step/index.ts';
import { example, spec as resolved } from '../spec/example.ts';
import { signature } from './small-model.ts';

const base = resolved(example);
const structure = (values: Readonly<Record<string, unknown>>) =>
  JSON.stringify(structureOf({ spec: withValues(base, values, catalog), signature }));
const same = (values: Readonly<Record<string, unknown>>) =>
  assert.equal(structure(values), structure({}), JSON.stringify(values));
const other = (values: Readonly<Record<string, unknown>>) =>
  assert.notEqual(structure(values), structure({}), JSON.stringify(values));

test('numbers that are passed to a step are no part of its structure', () => {
  same({ 'training.optimizer.adam.learningRate': 0.5, 'training.optimizer.adam.beta1': 0.5 });
  same({ 'training.optimizer.adam.weightDecay': 0.1, 'training.epochs': 99 });
  same({ 'heads.stay.weight': 7, 'heads.stay.loss': { huber: { delta: 3 } } });
  same({ 'heads.ill.loss': { binaryCrossentropy: { labelSmoothing: 0.2 } } });
  same({ 'shared.layers[1].dropout.rate': 0.7 });
  same({ 'shared.layers[2].batchNormalization': { momentum: 0.5, epsilon: 0.1 } });
  same({ 'shared.layers[0].dense.kernelInitializer': 'heNormal', seed: 9 });
});

test('what changes the operations or their shapes does', () => {
  other({ 'shared.layers[0].dense.units': 65 });
  other({ 'shared.layers[0].dense.activation': 'tanh' });
  other({ 'shared.layers[0].dense.kernelRegularizer': { l2: 0.1 } });
  other({ 'training.optimizer': 'sgd' });
  other({ 'training.clipNorm': 1 });
  other({ weighting: 'uncertainty' });
  other({ 'heads.stay.loss': 'meanSquaredError' });
  other({ 'training.learningRateSchedule': 'cosine' });
  other({ 'heads.stay.layers': [{ dense: { units: 3 } }] });
});

test('of a penalty its strength is a number, its being there is not', () => {
  const weak = { 'shared.layers[0].dense.kernelRegularizer': { l2: 0.1 } };
  const strong = { 'shared.layers[0].dense.kernelRegularizer': { l1: 0.3 } };
  assert.equal(structure(weak), structure(strong));
});

test('of a constraint its kind and axis are structure, its numbers are not', () => {
  const bounded = (kernelConstraint: unknown) =>
    structure({ 'shared.layers[0].dense.kernelConstraint': kernelConstraint });
  const loose = bounded('maxNorm');
  assert.equal(bounded({ maxNorm: { maxValue: 0.5 } }), loose);
  assert.equal(bounded({ maxNorm: { maxValue: 3, axis: 0 } }), loose);
  const others = [{ maxNorm: { axis: 1 } }, 'minMaxNorm', 'unitNorm', 'nonNeg'].map(bounded);
  assert.equal(new Set([...others, loose, structure({})]).size, 6);
  const slow = { minMaxNorm: { minValue: 0.1, maxValue: 2, rate: 0.5 } };
  assert.equal(bounded(slow), bounded('minMaxNorm'));
});

test('layers within layers are looked into', () => {
  const block = (rate: number, units: number) => ({
    'shared.layers': [
      { residual: { layers: [{ dropout: rate }, { dense: { units } }], projection: true } },
    ],
  });
  assert.equal(structure(block(0.1, 4)), structure(block(0.5, 4)));
  assert.notEqual(structure(block(0.1, 4)), structure(block(0.1, 5)));
});
