/** @file What has come of a sweep's trials so far: folded from the records, of this execution and before. */
import type { PlannedTrial } from '../plan/index.ts';
import type { JournalRecord } from '../record/index.ts';
import type { Objective } from '../report/read-run.ts';
import { objectiveFor, toMinimize } from './objectives.ts';

export type TrialStage = 'waiting' | 'running' | 'finished' | 'failed' | 'pruned';

/** A trial of the sweep. */
export interface SweepTrial {
  readonly number: number;
  readonly trial: PlannedTrial;
  /** Position of its choice in the sweep. */
  readonly index: number;
  readonly objective: Objective;
  /** Trials of the same tasks are compared with each other. */
  readonly group: string;
  stage: TrialStage;
  /** Why it was pruned. */
  reason: string | null;
  /** The objectives after each epoch, to be minimised; of a pruned trial up to the decision. */
  readonly epochs: (readonly number[])[];
  /** At its best epoch, once it has finished; all that was measured. */
  metrics: Readonly<Record<string, number>> | null;
}

export interface SweepState {
  readonly trials: ReadonlyMap<number, SweepTrial>;
  add(number: number, trial: PlannedTrial, index: number): SweepTrial;
  byId(id: string): SweepTrial | undefined;
  /** Of a choice (or a choice's control): its replicates. */
  siblings(choice: string): readonly SweepTrial[];
  /** Of a group: all of them, and those that are first replicates, in the order of the sweep. */
  alike(group: string): Alike;
  apply(record: JournalRecord): void;
}

export interface Alike {
  readonly all: readonly SweepTrial[];
  readonly first: readonly SweepTrial[];
}

/** `prunedBy`: decisions of other pruners than these do not count. */
export function createSweepState(objective: Objective, prunedBy: string): SweepState {
  const trials = new Map<number, SweepTrial>();
  const ids = new Map<string, SweepTrial>();
  const choices = new Map<string, SweepTrial[]>();
  const groups = new Map<string, { all: SweepTrial[]; first: SweepTrial[] }>();
  return {
    trials,
    byId: (id) => ids.get(id),
    siblings: (choice) => choices.get(choice) ?? [],
    alike: (group) => groups.get(group) ?? { all: [], first: [] },
    add(number, trial, index) {
      const own = objectiveFor(objective, trial);
      const added: SweepTrial = {
        number,
        trial,
        index,
        objective: own,
        group: trial.tasks.join(),
        stage: 'waiting',
        reason: null,
        epochs: [],
        metrics: null,
      };
      trials.set(number, added);
      ids.set(trial.id, added);
      choices.set(trial.choice, [...(choices.get(trial.choice) ?? []), added]);
      const alike = groups.get(added.group) ?? { all: [], first: [] };
      groups.set(added.group, alike);
      alike.all.push(added);
      if (trial.replicate === 0) alike.first.push(added);
      return added;
    },
    apply(record) {
      if (!('number' in record)) return;
      const trial = trials.get(record.number);
      if (trial) follow(trial, record, prunedBy);
    },
  };
}

function follow(
  trial: SweepTrial,
  record: Extract<JournalRecord, { number: number }>,
  prunedBy: string,
): void {
  switch (record.type) {
    case 'start':
      // Epochs after its checkpoint are trained again, and decided on again.
      if (trial.stage !== 'finished') {
        trial.stage = 'running';
        trial.epochs.length = Math.min(trial.epochs.length, record.fromEpoch);
      }
      return;
    case 'epoch':
      // What a worker trains until it hears of the decision counts for nothing: it is a matter of time.
      if (trial.stage !== 'pruned')
        trial.epochs[record.epoch - 1] = toMinimize(trial.objective, record.metrics);
      return;
    case 'finish':
      trial.stage = 'finished';
      trial.metrics = record.metrics;
      return;
    case 'fail':
      // One that is tried again at once goes on: it does not wait to be handed over.
      if (!record.isRetried) trial.stage = 'failed';
      return;
    case 'prune':
      if (record.by === prunedBy && trial.stage !== 'finished') {
        trial.stage = 'pruned';
        trial.reason = record.reason;
        trial.epochs.length = Math.min(trial.epochs.length, record.epoch);
      }
      return;
    case 'interrupt':
      if (trial.stage === 'running') trial.stage = 'waiting';
      return;
    case 'trial':
    case 'checkpoint':
    case 'system':
      return;
    default:
      record satisfies never;
  }
}

/** What an earlier execution left: what ran then waits again, and what failed is tried again. */
export function reopen({ trials }: SweepState): void {
  for (const trial of trials.values()) {
    if (trial.stage === 'running' || trial.stage === 'failed') trial.stage = 'waiting';
  }
}

export const hasEnded = ({ stage }: SweepTrial): boolean =>
  stage === 'finished' || stage === 'failed' || stage === 'pruned';
