/** @file A made-up journal: two tasks, two choices, three replicates, controls. */
import type { JournalRecord } from '../../src/record/journal-record.ts';

const time = '2026-01-01T00:00:00.000Z';

export interface MadeTrial {
  readonly choice: string;
  readonly tasks: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
  /** By replicate: [auc, mae] on validation, and on test; a metric of an absent task is left out. */
  readonly validation: readonly (readonly [number, number])[];
  readonly test: readonly (readonly [number, number])[];
}

export const madeTrials: readonly MadeTrial[] = [
  {
    choice: 'small',
    tasks: ['ill', 'stay'],
    parameters: { 'shared.layers[0].dense.units': 32 },
    validation: [
      [0.7, 2.2],
      [0.71, 2.3],
      [0.72, 2.1],
    ],
    test: [
      [0.69, 2.25],
      [0.7, 2.26],
      [0.71, 2.24],
    ],
  },
  {
    choice: 'large',
    tasks: ['ill', 'stay'],
    parameters: { 'shared.layers[0].dense.units': 64 },
    validation: [
      [0.74, 2.0],
      [0.75, 2.1],
      [0.76, 2.0],
    ],
    test: [
      [0.75, 2.0],
      [0.76, 2.1],
      [0.77, 2.05],
    ],
  },
  {
    choice: 'ill-small',
    tasks: ['ill'],
    parameters: { 'shared.layers[0].dense.units': 32 },
    validation: [
      [0.73, 0],
      [0.74, 0],
      [0.75, 0],
    ],
    test: [
      [0.7, 0],
      [0.72, 0],
      [0.71, 0],
    ],
  },
  {
    choice: 'ill-large',
    tasks: ['ill'],
    parameters: { 'shared.layers[0].dense.units': 64 },
    validation: [
      [0.7, 0],
      [0.7, 0],
      [0.7, 0],
    ],
    test: [
      [0.9, 0],
      [0.9, 0],
      [0.9, 0],
    ],
  },
  {
    choice: 'stay-large',
    tasks: ['stay'],
    parameters: { 'shared.layers[0].dense.units': 64 },
    validation: [
      [0, 2],
      [0, 2.1],
      [0, 2],
    ],
    test: [
      [0, 2.01],
      [0, 2.07],
      [0, 2.06],
    ],
  },
];

const metricsOf = (
  tasks: readonly string[],
  split: string,
  [auc, mae]: readonly [number, number],
) => ({
  ...(tasks.includes('ill') ? { [`${split}/ill/auc`]: auc, [`${split}/ill/loss`]: 1 - auc } : {}),
  ...(tasks.includes('stay')
    ? { [`${split}/stay/mae`]: mae, [`${split}/stay/loss`]: mae / 4 }
    : {}),
});

export function madeJournal(
  made: readonly MadeTrial[] = madeTrials,
  question: string | null = 'Does sharing pay?',
): JournalRecord[] {
  const records: JournalRecord[] = [];
  const numbers: number[] = [];
  let number = 0;
  for (const { choice, tasks, parameters, validation, test } of made) {
    for (const [replicate, values] of validation.entries()) {
      number += 1;
      numbers.push(number);
      const control = tasks.length === 1 ? ('singleTask' as const) : null;
      records.push({
        type: 'trial',
        time,
        number,
        id: `${choice}${replicate}`,
        choice,
        tasks,
        control,
        parameters,
        replicate,
        seed: 7,
      });
      records.push({ type: 'start', time, number, fromEpoch: 0 });
      for (let epoch = 1; epoch <= 5; epoch++) {
        const fading = 1 + 1 / epoch;
        const curve = Object.entries(metricsOf(tasks, 'validation', values)).map(
          ([name, value]) => [name, value * fading],
        );
        const train = tasks.map((task) => [
          `train/${task}/loss`,
          (task === 'ill' ? 0.3 : 0.5) * fading,
        ]);
        records.push({
          type: 'epoch',
          time,
          number,
          epoch,
          metrics: Object.fromEntries([...curve, ...train]),
          seconds: epoch,
        });
      }
      const [tested = [Number.NaN, Number.NaN] as const] = [test[replicate]];
      const metrics = {
        ...metricsOf(tasks, 'validation', values),
        ...metricsOf(tasks, 'test', tested),
      };
      records.push({
        type: 'finish',
        time,
        number,
        epochs: 5,
        bestEpoch: 4,
        seconds: 5,
        metrics,
        weights: 100,
      });
    }
  }
  records.unshift({
    type: 'execution',
    time,
    format: 1,
    execution: 1,
    experiment: 'made',
    question,
    objective: [
      { metric: 'validation/ill/auc', direction: 'maximize' },
      { metric: 'validation/stay/mae', direction: 'minimize' },
    ],
    heads: {
      ill: { type: 'binary', target: ['ill'], metrics: [{ name: 'auc', direction: 'maximize' }] },
      stay: {
        type: 'regression',
        target: ['days'],
        metrics: [{ name: 'mae', direction: 'minimize' }],
      },
    },
    trials: numbers,
    engine: 'tensorflow-2.21.0',
    environment: { node: 'v20.0.0' },
  });
  return records;
}
