/** @file Brings MLflow up to the journal: what it lacks is sent, and what it has is left alone. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import PQueue from 'p-queue';
import { lockHolder, takeLock } from '../engine/process-lock.ts';
import {
  createMlflowClient,
  type MlflowClient,
  MlflowError,
  type OnRetry,
} from '../mlflow-client-ts/index.ts';
import { createJournalTail, runPaths } from '../record/index.ts';
import { type Cursor, openCursor, sweep } from './cursor.ts';
import { cursorPath } from './cursor-path.ts';
import { createRunModel, type RunModel, type TrackedTrial } from './run-model.ts';
import { sendSweep, sweepStatus } from './send-sweep.ts';
import { isBehind, sendTrial } from './send-trial.ts';
import { adoptRuns, openPlace, type Place, runKeyOf, type Session } from './session.ts';
import { sweepLinkOf } from './sweep-link.ts';
import type { TrackingTarget } from './target.ts';
import { troubleOf } from './trouble.ts';

export interface SyncOptions {
  /** `runs/<experiment>` */
  readonly folder: string;
  readonly target: TrackingTarget;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** How often requests are tried again; the client's own rules if left out. */
  readonly retries?: number;
  /** Told before each pause. */
  readonly onRetry?: OnRetry;
}

export interface Progress {
  /** Trials that MLflow has whole, as they are now. */
  readonly sent: number;
  /** Trials that have started. */
  readonly all: number;
  /** Trials that the server refused, with its reasons. */
  readonly refused: readonly string[];
  readonly isOver: boolean;
  readonly place: Place | null;
  /** Where it is to be seen. */
  readonly link: string | null;
}

export interface Sync {
  /** Sends what is new. Throws an `MlflowError` where the server does not answer as it should. */
  pass(): Promise<Progress>;
  /** What was sent so far, without asking anybody. */
  progress(): Progress;
  [Symbol.asyncDispose](): Promise<void>;
}

export type OpenedSync =
  | { readonly ok: true; readonly sync: Sync }
  /** Another process sends this run to this server already, or nobody can by these settings. */
  | { readonly ok: false; readonly reason: string };

/** Requests of different trials at once; the client lets no more writes through either. */
const concurrency = 4;
/** While trials run, the sweep's own page is written anew this often. */
const sweepMilliseconds = 30_000;

/** Takes the cursor; the caller disposes of it. */
export function openSync(options: SyncOptions): OpenedSync {
  const { folder, target, signal, say } = options;
  const client = openClient(options);
  if (typeof client === 'string') return { ok: false, reason: client };
  const path = cursorPath(folder, target.cursor);
  mkdirSync(dirname(path), { recursive: true });
  const lock = takeLock(`${path}.lock`);
  if (!lock.ok) {
    void client.close();
    return { ok: false, reason: `process ${lock.holder} is sending it already` };
  }
  const cursor = openCursor(path);
  const inputs = new PQueue({ concurrency: 1 });
  const sync = createSync({ client, target, folder, cursor, signal, inputs, say });
  return {
    ok: true,
    sync: {
      ...sync,
      async [Symbol.asyncDispose]() {
        cursor[Symbol.dispose]();
        lock.release();
        await client.close();
      },
    },
  };
}

/** The reason where the environment asks for what cannot be: a certificate that is not there. */
function openClient({ target, env, say, retries, onRetry }: SyncOptions): MlflowClient | string {
  const retry = retries === undefined ? {} : { retries };
  try {
    return createMlflowClient({ uri: target.uri, env, onWarning: say, onRetry, retry });
  } catch (error) {
    return troubleOf(error).text;
  }
}

function createSync(
  parts: Omit<Session, 'model' | 'runKey'>,
): Omit<Sync, typeof Symbol.asyncDispose> {
  const { folder, cursor, target, client } = parts;
  const tail = createJournalTail(runPaths(folder).journal);
  const model = createRunModel();
  let place: Place | null = null;
  let sweepSentAt = Number.NEGATIVE_INFINITY;
  // Refused once is asked once more by the next process: the server may have been put right.
  const refused = new Map<number, string>();
  const standing = (): Progress => {
    const there = place ?? knownPlace(cursor);
    const link = there && sweepLinkOf(target, client.uri, there);
    return { ...countsOf(model, cursor, refused, isRunning(folder)), place: there, link };
  };
  return {
    progress: standing,
    async pass() {
      const isLive = isRunning(folder);
      for (const record of tail.read()) model.add(record);
      if (tail.firstLine === null) return standing();
      const session = { ...parts, model, runKey: runKeyOf(tail.firstLine) };
      if (!isNeeded(session, refused, isLive)) return standing();
      place ??= await openPlace(session);
      cursor.set(sweep, 'isClean', false);
      await sendTrials(session, place, refused, isLive);
      const isOver = sweepStatus(model, isLive) !== 'running';
      if (isOver || performance.now() - sweepSentAt > sweepMilliseconds) {
        await sendSweep(session, place, isLive);
        sweepSentAt = performance.now();
      }
      if (isOver) {
        // A request whose answer was lost may have made a double.
        await adoptRuns(session, place.experimentId);
        cursor.set(sweep, 'sent', `${model.touched}`);
        cursor.set(sweep, 'isClean', true);
      }
      return standing();
    },
  };
}

/** Whether a process trains this run now. */
const isRunning = (folder: string) => lockHolder(runPaths(folder).lock) !== undefined;

const behind = (
  session: Pick<Session, 'cursor' | 'model'>,
  refused: ReadonlyMap<number, string>,
  isLive: boolean,
): readonly TrackedTrial[] =>
  [...session.model.trials.values()].filter(
    (trial) => !refused.has(trial.record.number) && isBehind(session, trial, isLive),
  );

function isNeeded(
  session: Session,
  refused: ReadonlyMap<number, string>,
  isLive: boolean,
): boolean {
  const { cursor, model } = session;
  if (isLive || cursor.get(sweep, 'isClean') !== true) return true;
  return (
    cursor.get(sweep, 'sent') !== `${model.touched}` || behind(session, refused, isLive).length > 0
  );
}

/** The first trouble with the server stops the rest: they would meet it too. */
async function sendTrials(
  session: Session,
  place: Place,
  refused: Map<number, string>,
  isLive: boolean,
): Promise<void> {
  const queue = new PQueue({ concurrency });
  let trouble: unknown;
  for (const trial of behind(session, refused, isLive)) {
    void queue.add(async () => {
      if (trouble || session.signal.aborted) return;
      try {
        await sendTrial(session, place, trial, isLive);
      } catch (error) {
        const { number } = trial.record;
        if (isRefusal(error)) refused.set(number, `trial ${number}: ${error.message}`);
        else trouble ??= error;
      }
    });
  }
  await queue.onIdle();
  session.signal.throwIfAborted();
  if (trouble) throw trouble;
}

/** The server understood, and will not have it: one trial's matter, which no repetition mends. */
const isRefusal = (error: unknown): error is MlflowError =>
  error instanceof MlflowError &&
  !error.isRetryable &&
  (error.code === 'INVALID_PARAMETER_VALUE' || error.code === 'RESOURCE_DOES_NOT_EXIST');

function countsOf(
  model: RunModel,
  cursor: Cursor,
  refused: ReadonlyMap<number, string>,
  isLive: boolean,
): Omit<Progress, 'place' | 'link'> {
  const started = [...model.trials.values()].filter((trial) => trial.started !== null);
  const missing = started.filter((trial) => isBehind({ cursor }, trial, isLive));
  return {
    sent: started.length - missing.length,
    all: started.length,
    refused: [...refused.values()],
    isOver: missing.length === refused.size && cursor.get(sweep, 'isClean') === true,
  };
}

/** Where it was sent before. */
function knownPlace(cursor: Cursor): Place | null {
  const [experimentId, parentId] = [cursor.get(sweep, 'experiment'), cursor.get(sweep, 'run')];
  return experimentId === undefined || parentId === undefined
    ? null
    : { experimentId: String(experimentId), parentId: String(parentId) };
}
