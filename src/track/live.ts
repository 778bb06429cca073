/** @file Starts the process that sends a run to MLflow while it is trained, and waits for its end. */
import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync as openFile } from 'node:fs';
import { childFile } from '../engine/index.ts';
import { runPaths } from '../record/index.ts';
import type { TrackerReply, TrackerRequest, TrackerState } from './messages.ts';
import type { TrackingTarget } from './target.ts';

export interface LiveTracking {
  /**
   * To be called when the journal is complete. Waits as long as something moves; what is left then
   * stays for `run-experiment sync`. Says what was sent, and where it can be seen.
   */
  finish(interrupted: AbortSignal): Promise<void>;
  /** Ends it at once. */
  [Symbol.dispose](): void;
}

export interface LiveOptions {
  /** `runs/<experiment>` */
  readonly folder: string;
  readonly target: TrackingTarget;
  readonly say: (line: string) => void;
}

/** How long nothing may move, in milliseconds, until the rest is left to `sync`. */
const patience = 10_000;
/** The same where the server is in trouble, or somebody pressed Ctrl-C. */
const shortPatience = 3000;

export function startTracking({ folder, target, say }: LiveOptions): LiveTracking {
  const { path, execArgv } = childFile(import.meta.url, 'tracker');
  // What it writes itself, a defect's stack trace, goes where the workers' words go.
  const log = openFile(runPaths(folder).workerLog, 'a');
  const child = fork(path, [], { execArgv, stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  const standing: Standing = { state: null, isDone: false, movedAt: performance.now() };
  child.on('message', (reply: TrackerReply) => {
    if (reply.type === 'say') return say(reply.line);
    if (reply.state.sent !== standing.state?.sent) standing.movedAt = performance.now();
    standing.state = reply.state;
    standing.isDone ||= reply.type === 'done';
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  send(child, { type: 'begin', order: { folder, target } });
  return {
    async finish(interrupted) {
      standing.movedAt = performance.now();
      send(child, { type: 'finish' });
      const over = new AbortController();
      void ended.then(() => over.abort());
      interrupted.addEventListener('abort', () => over.abort(), { once: true });
      await standstill(standing, interrupted.aborted, over.signal);
      child.kill('SIGKILL');
      const hasCrashed = child.exitCode !== null && child.exitCode !== 0;
      for (const line of summary(standing, hasCrashed)) say(line);
    },
    [Symbol.dispose]: () => {
      child.kill('SIGKILL');
    },
  };
}

interface Standing {
  state: TrackerState | null;
  isDone: boolean;
  /** When the number of trials sent last grew. */
  movedAt: number;
}

function send(child: ChildProcess, request: TrackerRequest): void {
  if (child.connected) child.send(request, () => {});
}

/** Resolves when nothing has moved for too long, or when nobody wants to wait any more. */
function standstill(standing: Standing, isHurried: boolean, given: AbortSignal) {
  return new Promise<void>((resolve) => {
    const end = () => {
      clearInterval(timer);
      resolve();
    };
    const timer = setInterval(() => {
      const isShort = isHurried || standing.state?.isInTrouble;
      if (performance.now() - standing.movedAt > (isShort ? shortPatience : patience)) end();
    }, 200);
    given.addEventListener('abort', end, { once: true });
  });
}

function summary({ state, isDone }: Standing, hasCrashed: boolean): readonly string[] {
  const lines = (state?.refused ?? []).map((reason) => `MLflow refused ${reason}`);
  if (isDone && state && state.sent === state.all && state.link)
    return [`MLflow: ${state.sent} of ${state.all} trials are there: ${state.link}`];
  if (hasCrashed) lines.push('MLflow: the process that sends ended by itself, see workers.log');
  // Not of how many: what was seen of the journal may be older than its end.
  const sent = state?.sent ?? 0;
  return [...lines, `MLflow: ${sent} trials were sent; run-experiment sync sends the rest`];
}
