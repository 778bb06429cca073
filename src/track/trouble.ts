/** @file What keeps a run from being sent, in words, and whether waiting may help. */
import { MlflowError } from '../mlflow-client-ts/index.ts';
import { DeletedThere, WrongExperiment } from './session.ts';

export interface Trouble {
  readonly text: string;
  /** Nothing changes by itself: the address, the credentials or the server's data are wrong. */
  readonly isFinal: boolean;
}

/** Throws what is no trouble with the server but a defect of ours. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof MlflowError) {
    const text = [error.message, error.hint].filter(Boolean).join('. ');
    return { text, isFinal: !error.isRetryable };
  }
  if (error instanceof DeletedThere || error instanceof WrongExperiment)
    return { text: error.message, isFinal: true };
  throw error;
}
