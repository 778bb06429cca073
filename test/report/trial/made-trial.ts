/** @file A made-up trial with its curves, for tests. */
import type { HeadRecord } from '../../../src/record/journal-record.ts';
import type { TrialView } from '../../../src/report/index.ts';

const metric = (name: string, direction: 'minimize' | 'maximize') => ({ name, direction });

export const madeHeads: Readonly<Record<string, HeadRecord>> = {
  ill: { type: 'binary', target: ['ill'], metrics: [metric('auc', 'maximize')] },
  stay: {
    type: 'regression',
    target: ['days'],
    metrics: [metric('mae', 'minimize'), metric('r2', 'maximize')],
  },
};

export const madeTrial: TrialView = {
  number: 12,
  id: 'abc',
  choice: 'def',
  status: 'finished',
  tasks: ['ill', 'stay'],
  control: null,
  parameters: { 'shared.layers[0].dense.units': 64, 'heads.stay.weight': 0.3 },
  replicate: 1,
  seed: 7,
  epochs: 3,
  bestEpoch: 2,
  seconds: 1.5,
  metrics: {
    'validation/ill/loss': 0.5,
    'validation/ill/auc': 0.75,
    'validation/stay/loss': 0.25,
    'validation/stay/mae': 2,
    'validation/stay/r2': Number.NaN,
    'test/ill/loss': 0.55,
    'test/ill/auc': 0.7,
    'test/stay/loss': 0.3,
    'test/stay/mae': 2.25,
    'test/stay/r2': Number.NaN,
  },
  curve: [0.6, 0.5, 0.55].map((loss, index) => ({
    'train/ill/loss': loss - 0.1 * index,
    'validation/ill/loss': loss,
    'validation/ill/auc': 1.25 - loss,
    'train/stay/loss': 0.3,
    'validation/stay/loss': loss / 2,
    'validation/stay/mae': 4 * loss,
    'validation/stay/r2': Number.NaN,
  })),
  weights: 12345,
  program: null,
  reason: null,
};
