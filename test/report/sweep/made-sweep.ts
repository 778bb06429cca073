/** @file Sweeps made up for tests: choices with their parameters and the values of each metric. */
import type { Objective, RunView, TrialView } from '../../../src/report/index.ts';

export interface MadeChoice {
  readonly parameters: Readonly<Record<string, unknown>>;
  /** By metric, a value for each replicate. */
  readonly values: Readonly<Record<string, readonly number[]>>;
  readonly status?: TrialView['status'];
}

/** Trials are numbered from 1, choice by choice. */
export function sweepView(objective: Objective, choices: readonly MadeChoice[]): RunView {
  const trials: TrialView[] = [];
  for (const [index, { parameters, values, status = 'finished' }] of choices.entries()) {
    const replicates = Math.max(1, ...Object.values(values).map(({ length }) => length));
    for (let replicate = 0; replicate < replicates; replicate++) {
      const metrics = Object.entries(values).map(([name, own]) => [name, own[replicate] ?? 0]);
      trials.push({
        number: trials.length + 1,
        id: `${index}-${replicate}`,
        choice: `choice ${index}`,
        status,
        tasks: ['ill', 'stay'],
        control: null,
        parameters,
        replicate,
        seed: 7,
        epochs: 5,
        bestEpoch: 4,
        seconds: 1,
        metrics: status === 'finished' ? Object.fromEntries(metrics) : {},
        curve: [],
        weights: 100,
        program: null,
        reason: null,
      });
    }
  }
  return {
    experiment: 'made',
    question: null,
    objective,
    heads: {
      ill: { type: 'binary', target: ['ill'], metrics: [{ name: 'auc', direction: 'maximize' }] },
      stay: {
        type: 'regression',
        target: ['days'],
        metrics: [{ name: 'mae', direction: 'minimize' }],
      },
    },
    trials,
    leftOut: [],
    engine: 'wasm',
    environment: {},
    notes: [],
  };
}
