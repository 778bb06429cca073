/** @file Keeps a server up to date with all runs of a folder while they are trained elsewhere. */
import { statSync } from 'node:fs';
import { listRuns, type RunSummary, runPaths } from '../record/index.ts';
import { readCursor, sweep } from './cursor.ts';
import { cursorPath } from './cursor-path.ts';
import { recordedTracking } from './send-run.ts';
import { sweepLinkOf } from './sweep-link.ts';
import { openSync, type Sync } from './sync.ts';
import { type Environment, localTarget, registeredModelOf } from './target.ts';
import { troubleOf } from './trouble.ts';

export interface FollowOptions {
  /** Folder of all runs. */
  readonly runs: string;
  /** Of the server over these runs. */
  readonly url: string;
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

export interface FollowedRun {
  readonly experiment: string;
  readonly sent: number;
  readonly trials: number;
  readonly link: string | null;
}

export interface Following {
  /** Sends what is new in any run; what each of them came to, the one last written first. */
  pass(): Promise<readonly FollowedRun[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** As another process has sent them; trials are counted as far as they were sent. */
export const sentRuns = (runs: string, url: string): readonly FollowedRun[] =>
  listRuns(runs).flatMap(({ experiment, folder }) => {
    const path = cursorPath(folder, localTarget(experiment, url).cursor);
    const [experimentId, ids] = [
      readCursor(path, 'experiment').get(sweep),
      readCursor(path, 'run'),
    ];
    const parentId = ids.get(sweep);
    if (experimentId === undefined || parentId === undefined) return [];
    const place = { experimentId: String(experimentId), parentId: String(parentId) };
    const link = sweepLinkOf(localTarget(experiment, url), url, place);
    return [{ experiment, sent: ids.size - 1, trials: ids.size - 1, link }];
  });

interface Followed {
  readonly sync: Sync;
  /** Of its journal, when it was last read. */
  seen: string;
}

export function followRuns(options: FollowOptions): Following {
  const { runs, say } = options;
  const open = new Map<string, Followed>();
  const told = new Set<string>();
  const tell = (line: string) => {
    if (!told.has(line)) say(line);
    told.add(line);
  };
  return {
    async pass() {
      const rows: FollowedRun[] = [];
      for (const run of listRuns(runs)) {
        const followed = open.get(run.experiment) ?? openRun(run, options, tell);
        if (!followed) continue;
        open.set(run.experiment, followed);
        rows.push(await sendNew(run, followed, options, tell));
      }
      return rows;
    },
    async [Symbol.asyncDispose]() {
      for (const { sync } of open.values()) await sync[Symbol.asyncDispose]();
    },
  };
}

function openRun(
  { experiment, folder }: RunSummary,
  { url, env, signal }: FollowOptions,
  tell: (line: string) => void,
): Followed | null {
  const say = (line: string) => tell(`${experiment}: ${line}`);
  const registered = registeredModelOf(recordedTracking(folder), env);
  const target = localTarget(experiment, url, registered);
  // Neither credentials nor proxies of the user’s: the server is this machine’s own.
  const opened = openSync({ folder, target, env: {}, signal, say });
  if (opened.ok) return { sync: opened.sync, seen: '' };
  say(opened.reason);
  return null;
}

async function sendNew(
  { experiment, folder }: RunSummary,
  followed: Followed,
  { signal }: FollowOptions,
  tell: (line: string) => void,
): Promise<FollowedRun> {
  const { size, mtimeMs } = statSync(runPaths(folder).journal);
  const state = `${size} ${mtimeMs}`;
  try {
    const { isOver, refused } =
      state === followed.seen ? followed.sync.progress() : await followed.sync.pass();
    for (const reason of refused) tell(`${experiment}: MLflow refused ${reason}`);
    // A run that is trained now goes on without a word in between.
    if (isOver) followed.seen = state;
  } catch (error) {
    if (!signal.aborted) tell(`${experiment}: ${troubleOf(error).text}`);
  }
  const { sent, all, link } = followed.sync.progress();
  return { experiment, sent, trials: all, link };
}
