/** @file `plan`: the trials of a spec, which of them are done, model sizes, and about how long. */
import { join } from 'node:path';
import { readPrepared } from './data/index.ts';
import { type EngineRequest, prepareEngine } from './engine/index.ts';
import { planExperiment } from './experiment.ts';
import type { LoadedExperiment } from './load-experiment.ts';
import { weightCount } from './model/index.ts';
import { describeChoice, type PlannedTrial } from './plan/index.ts';
import { readJournal, runPaths, runState } from './record/index.ts';

export interface PlannedRow {
  /** null: it gets its number when it is first trained. */
  readonly number: number | null;
  readonly id: string;
  readonly tasks: readonly string[];
  readonly control: 'singleTask' | null;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly replicate: number;
  readonly done: boolean;
  /** Learned weights of its model. */
  readonly weights: number;
}

export interface PlanOptions {
  readonly runs: string;
  readonly engine: EngineRequest;
  readonly jobs?: number;
}
