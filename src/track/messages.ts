/** @file What the runner and the process that sends its run tell each other. */
import type { TrackingTarget } from './target.ts';

export interface TrackerOrder {
  /** `runs/<experiment>` */
  readonly folder: string;
  readonly target: TrackingTarget;
}

/** To the tracker. Its end is also the channel's: a runner that died wants nothing sent any more. */
export type TrackerRequest =
  | { readonly type: 'begin'; readonly order: TrackerOrder }
  /** The journal is complete: send what is left, then end. */
  | { readonly type: 'finish' };

export interface TrackerState {
  readonly sent: number;
  readonly all: number;
  readonly refused: readonly string[];
  readonly link: string | null;
  /** The last attempt failed. */
  readonly isInTrouble: boolean;
}

export type TrackerReply =
  | { readonly type: 'state'; readonly state: TrackerState }
  /** A line for the user. */
  | { readonly type: 'say'; readonly line: string }
  | { readonly type: 'done'; readonly state: TrackerState };
