/** @file What a worker is asked to do and what it tells: messages between processes, plain data. */
import type { ProgramEngine } from '../compile/index.ts';
import type { PlannedTrial } from '../plan/trials.ts';
import type { ResolvedSpec } from '../spec/schema/experiment.ts';
import type { ProgramUse } from './programs.ts';

/** A trial for a worker. */
export interface TrialJob {
  readonly number: number;
  readonly trial: Pick<PlannedTrial, 'id' | 'tasks' | 'replicate' | 'spec'> & {
    /** All heads of its choice: a control shares the joint model's program. */
    readonly heads: ResolvedSpec['heads'];
  };
  /** Folder of the prepared splits. */
  readonly data: string;
  /** The last checkpoint, if the trial was interrupted. */
  readonly checkpoint: Uint8Array | null;
  /** Trials with the same one share a program: a worker trains them one after the other. */
  readonly program: string;
  /** Of TensorFlow: a large model's step is worth two. */
  readonly threads: number;
  /** What the user asked for; null: the rule decides. */
  readonly engine: ProgramEngine | null;
}

/** Files by name. */
export type Files = Readonly<Record<string, Uint8Array>>;

/** What happened to a trial. The last event is `finished`, `failed` or `interrupted`. */
export type TrialEvent =
  | { readonly type: 'started'; readonly number: number; readonly fromEpoch: number }
  | {
      readonly type: 'progress';
      readonly number: number;
      /** Fractional: 2.5 is the middle of the third epoch. */
      readonly epoch: number;
      readonly epochs: number;
    }
  | {
      readonly type: 'epoch';
      readonly number: number;
      readonly epoch: number;
      readonly metrics: Readonly<Record<string, number>>;
      readonly seconds: number;
    }
  | {
      readonly type: 'checkpoint';
      readonly number: number;
      readonly epoch: number;
      readonly bytes: Uint8Array;
    }
  | {
      readonly type: 'finished';
      readonly number: number;
      readonly epochs: number;
      readonly bestEpoch: number;
      readonly seconds: number;
      readonly metrics: Readonly<Record<string, number>>;
      readonly weights: number;
      /** Which program trained it, and what compiling it cost. */
      readonly program: ProgramUse;
      /** Model, preprocessing, predictions. */
      readonly files: Files;
    }
  | {
      readonly type: 'failed';
      readonly number: number;
      readonly reason: string;
      readonly cause: FailureCause;
    }
  | { readonly type: 'interrupted'; readonly number: number; readonly epoch: number };

/** `lost`: its worker died or never could, worth another try; `trial`: the training itself failed. */
export type FailureCause = 'lost' | 'trial';

/** Why a running trial is asked to stop. */
export type StopReason = 'interrupt' | 'prune';

/** To a worker. */
export type WorkerRequest =
  | { readonly type: 'train'; readonly job: TrialJob }
  | { readonly type: 'stop'; readonly number: number; readonly reason: StopReason };

/** From a worker. */
export type WorkerReply =
  | { readonly type: 'ready' }
  | { readonly type: 'unfit'; readonly reason: string }
  | { readonly type: 'event'; readonly event: TrialEvent };

/** Runs trials somewhere: in processes of this machine, or through a queue on others. */
export interface Executor {
  /** Gets so many workers ready before there are trials for them. */
  warmUp(workers: number): void;
  /** Resolves after the trial's last event; every event is handed over in order. */
  run(job: TrialJob, onEvent: (event: TrialEvent) => void): Promise<void>;
  /** Asks a running trial to write a checkpoint and stop. */
  stop(number: number, reason: StopReason): void;
  /** Asks all, and starts no more. */
  stopAll(reason: StopReason): void;
  close(): Promise<void>;
}
