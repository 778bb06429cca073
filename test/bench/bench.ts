/** @file What every case is given, and what it gives back. */
import type { ContestResult } from './contest.ts';
import type { MeasureResult } from './measures.ts';
import type { Peers } from './peers.ts';
import type { Sizes } from './sizes.ts';

export interface Bench {
  /** For tables and runs; removed at the end. */
  readonly folder: string;
  readonly rounds: number;
  readonly sizes: Sizes;
  readonly peers: Peers;
  /** Optuna trains only so many of its trials; the rest is scaled up. */
  readonly optunaTrials: number;
  /** Whether a contestant was asked for; ours always is. */
  readonly wants: (contestant: string) => boolean;
  /** Progress. */
  readonly say: (line: string) => void;
  /** Results. */
  readonly print: (text: string) => void;
}

/** Prints its tables, and returns them for `--json`. */
export type BenchCase = (bench: Bench) => Promise<readonly (ContestResult | MeasureResult)[]>;
