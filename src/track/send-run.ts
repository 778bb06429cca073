/** @file One run, sent as it is now: what `sync` and `ui` do for each of them. */
import { readJournal, runPaths } from '../record/index.ts';
import { sweepLinkOf } from './sweep-link.ts';
import { openSync, type Progress } from './sync.ts';
import { type Environment, type Target, type TrackingTarget, trackingTarget } from './target.ts';
import { troubleOf } from './trouble.ts';

export type SentRun =
  | { readonly ok: true; readonly progress: Progress; readonly link: string | null }
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
  const opened = openSync(options);
  if (!opened.ok) return { ok: false, reason: `process ${opened.holder} is sending it already` };
  const { sync } = opened;
  try {
    const progress = await sync.pass();
    const link = progress.place && sweepLinkOf(options.target, progress.place);
    return { ok: true, progress, link };
  } catch (error) {
    if (options.signal.aborted) return { ok: false, reason: 'interrupted' };
    const { sent, all } = sync.progress();
    return { ok: false, reason: `${sent} of ${all} trials are there; ${troubleOf(error).text}` };
  } finally {
    await sync[Symbol.asyncDispose]();
  }
}

/** Where a run is to be sent, by what its last execution was told and by the environment of today. */
export function recordedTarget(
  folder: string,
  experiment: string,
  env: Environment,
): Target | null {
  const executions = readJournal(runPaths(folder).journal).filter(
    ({ type }) => type === 'execution',
  );
  const last = executions.at(-1);
  const tracking = last?.type === 'execution' ? last.tracking : undefined;
  return trackingTarget(experiment, tracking ?? {}, env);
}
