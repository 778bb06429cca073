/** @file One run, sent as it is now: what `sync` and `ui` do for each of them. */
import type { OnRetry } from '../mlflow-client-ts/index.ts';
import { readJournal, runPaths, type TrackingRecord } from '../record/index.ts';
import { openSync, type Progress, type Sync } from './sync.ts';
import { type Environment, type Target, type TrackingTarget, trackingTarget } from './target.ts';
import { troubleOf } from './trouble.ts';

export type SentRun =
  | { readonly ok: true; readonly progress: Progress }
  | { readonly ok: false; readonly reason: string };

export interface SendOptions {
  /** `runs/<experiment>` */
  readonly folder: string;
  readonly target: TrackingTarget;
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Sends what the server lacks; the reason where it cannot all be sent now. */
export async function sendRun(options: SendOptions): Promise<SentRun> {
  const opened = openSync({ ...options, onRetry: sayRetries(options.say) });
  if (!opened.ok) return opened;
  const { sync } = opened;
  const watch = sayProgress(sync, options.say);
  try {
    return { ok: true, progress: await sync.pass() };
  } catch (error) {
    if (options.signal.aborted) return { ok: false, reason: 'interrupted' };
    const { sent, all } = sync.progress();
    return { ok: false, reason: `${sent} of ${all} trials are there; ${troubleOf(error).text}` };
  } finally {
    clearInterval(watch);
    await sync[Symbol.asyncDispose]();
  }
}

const progressMilliseconds = 5000;

/** A large run takes minutes. */
function sayProgress(sync: Sync, say: (line: string) => void): NodeJS.Timeout {
  let told = 0;
  return setInterval(() => {
    const { sent, all } = sync.progress();
    if (sent !== told) say(`${sent} of ${all} trials are there`);
    told = sent;
  }, progressMilliseconds);
}

const quietMilliseconds = 30_000;

/** A server that is away may be waited for longer than anybody would without a word. */
function sayRetries(say: (line: string) => void): OnRetry {
  let until = Number.NEGATIVE_INFINITY;
  return ({ message }) => {
    if (performance.now() < until) return;
    until = performance.now() + quietMilliseconds;
    say(`${message}; trying again`);
  };
}

/** Where a run is to be sent, by what its last execution was told and by the environment of today. */
export const recordedTarget = (
  folder: string,
  experiment: string,
  env: Environment,
): Target | null => trackingTarget(experiment, recordedTracking(folder), env);

/** What the spec of the last execution says of MLflow. */
export function recordedTracking(folder: string): TrackingRecord {
  const last = readJournal(runPaths(folder).journal).findLast(({ type }) => type === 'execution');
  return (last?.type === 'execution' && last.tracking) || {};
}
