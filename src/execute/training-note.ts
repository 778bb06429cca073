/** @file The checkpoint of a trial: the step's state, the best weights, and where training stands. */
import type * as tf from '@tensorflow/tfjs';
import { type State, stateFromBytes, stateToBytes } from '../step/index.ts';
import { initialStopping, type StoppingState } from './early-stopping.ts';

/** Where a training stands; plain data. */
export interface TrainingNote {
  /** Epochs done. */
  readonly epoch: number;
  /** Steps done of the next epoch. */
  readonly position: number;
  /** [task]: sums over these steps of loss times label weight, and of label weights. */
  readonly lossSums: readonly number[];
  readonly labelWeights: readonly number[];
  readonly stopping: StoppingState;
  /** Of the best epoch so far. */
  readonly bestMetrics: Readonly<Record<string, number>>;
  /** Spent so far, over all attempts. */
  readonly seconds: number;
}

export const firstNote = (tasks: number): TrainingNote => ({
  epoch: 0,
  position: 0,
  lossSums: new Array<number>(tasks).fill(0),
  labelWeights: new Array<number>(tasks).fill(0),
  stopping: initialStopping,
  bestMetrics: {},
  seconds: 0,
});

const bestPrefix = 'best/';

/** `best`: weights and moving averages of the best epoch, by name. */
export function trainingBytes(state: State, best: State, note: TrainingNote): Promise<Uint8Array> {
  const kept = Object.entries(best).map(([name, tensor]) => [bestPrefix + name, tensor]);
  return stateToBytes({ ...state, ...Object.fromEntries(kept) }, note);
}

/** The reverse; undefined where the bytes are no whole checkpoint: then the trial starts afresh. */
export function readTraining(
  bytes: Uint8Array,
): { state: State; best: State; note: TrainingNote } | undefined {
  let read: ReturnType<typeof stateFromBytes>;
  try {
    read = stateFromBytes(bytes);
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
  const state: Record<string, tf.Tensor> = {};
  const best: Record<string, tf.Tensor> = {};
  for (const [name, tensor] of Object.entries(read.state)) {
    if (name.startsWith(bestPrefix)) best[name.slice(bestPrefix.length)] = tensor;
    else state[name] = tensor;
  }
  // The note is what trainingBytes wrote; JSON has no NaN, so undefined metrics came as null.
  const note = read.note as TrainingNote;
  const metrics = Object.entries(note.bestMetrics).map(([name, value]) => [
    name,
    value ?? Number.NaN,
  ]);
  return { state, best, note: { ...note, bestMetrics: Object.fromEntries(metrics) } };
}
