/** @file A made-up run's folder: a journal as an execution leaves it, without files of trials. */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JournalRecord, openJournal, runPaths } from '../../src/record/index.ts';

export interface MadeRun {
  readonly experiment?: string;
  readonly trials: number;
  /** Each has five metrics: 50 epochs make 250 points. */
  readonly epochs: number;
}

const start = Date.UTC(2026, 0, 1);

/** All records of a sweep that went through: every third trial is a control. */
export function madeRecords({ experiment = 'made', trials, epochs }: MadeRun): JournalRecord[] {
  let milliseconds = start;
  const time = () => {
    milliseconds += 10;
    return new Date(milliseconds).toISOString();
  };
  const numbers = Array.from({ length: trials }, (_, index) => index + 1);
  return [
    {
      type: 'execution',
      time: time(),
      format: 1,
      execution: 1,
      experiment,
      question: 'Does it pay?',
      objective: [{ metric: 'validation/stay/mae', direction: 'minimize' }],
      heads: {
        ill: { type: 'binary', target: ['ill'], metrics: [{ name: 'auc', direction: 'maximize' }] },
        stay: {
          type: 'regression',
          target: ['stay'],
          metrics: [{ name: 'mae', direction: 'minimize' }],
        },
      },
      trials: numbers,
      engine: 'test',
      environment: { version: '0.0.0', node: 'v20' },
      file: `${experiment}.yaml`,
    },
    {
      type: 'data',
      time: time(),
      key: 'd'.repeat(32),
      fingerprint: 'f'.repeat(64),
      source: ['data/made.csv'],
      rows: { train: 70, validation: 15, test: 15 },
      columns: [{ name: 'age', type: 'number' }],
    },
    ...numbers.flatMap((number) => madeTrial(number, epochs, time)),
    { type: 'end', time: time(), execution: 1, status: 'finished' },
  ];
}

function madeTrial(number: number, epochs: number, time: () => string): JournalRecord[] {
  const isControl = number % 3 === 0;
  const rate = 10 ** -(1 + (number % 4));
  const value = (epoch: number) => 1 / (epoch + number) + rate;
  return [
    {
      type: 'trial',
      time: time(),
      number,
      id: `id-${number}`,
      choice: `choice-${isControl}-${rate}`,
      tasks: isControl ? ['stay'] : ['ill', 'stay'],
      control: isControl ? 'singleTask' : null,
      parameters: {
        'training.optimizer.adam.learningRate': rate,
        'shared.layers[0].dense.units': 32,
      },
      replicate: number % 2,
      seed: 7,
      data: 'd'.repeat(32),
    },
    { type: 'start', time: time(), number, fromEpoch: 0 },
    ...Array.from(
      { length: epochs },
      (_, index): JournalRecord => ({
        type: 'epoch',
        time: time(),
        number,
        epoch: index + 1,
        metrics: {
          'train/stay/loss': value(index),
          'validation/stay/loss': value(index) * 1.1,
          'validation/stay/mae': value(index) * 2,
          'validation/loss': value(index) * 1.1,
          learningRate: rate,
        },
        seconds: 0.1,
      }),
    ),
    {
      type: 'finish',
      time: time(),
      number,
      epochs,
      bestEpoch: epochs,
      seconds: 0.1 * epochs,
      metrics: { 'validation/stay/mae': value(epochs) * 2, 'test/stay/mae': value(epochs) * 2.1 },
      weights: 100,
    },
  ];
}

/** Its folder, `runs/<experiment>` below a fresh one. */
export const madeRun = (run: MadeRun): string =>
  folderOf(run.experiment ?? 'made', madeRecords(run));

/** One trial, whose metric `validation/stay/mae` is NaN in its third and last epoch. */
export function madeNanRun(experiment: string): {
  folder: string;
  records: readonly JournalRecord[];
} {
  const records = madeRecords({ experiment, trials: 1, epochs: 3 }).map(
    (record): JournalRecord =>
      record.type === 'epoch' && record.epoch === 3
        ? { ...record, metrics: { ...record.metrics, 'validation/stay/mae': Number.NaN } }
        : record,
  );
  return { folder: folderOf(experiment, records), records };
}

function folderOf(experiment: string, records: readonly JournalRecord[]): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'made-')), 'runs', experiment);
  mkdirSync(folder, { recursive: true });
  using journal = openJournal(runPaths(folder).journal);
  for (const record of records) journal.append(record);
  return folder;
}
