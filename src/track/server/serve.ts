/** @file MLflow's server as a child process that ends with us, however we end. */
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Attempt, lastLine } from '../../engine/index.ts';
import { withoutCredentials } from '../../spec/index.ts';
import { refusalOf } from './file-refusal.ts';
import { pythonEnvironment, startWatched, type WatchedProgram } from './watched-program.ts';

export interface ServerOptions {
  /** Of the environment that has MLflow. */
  readonly python: string;
  /** For `mlflow.db`, `artifacts` and `server.log`, which is appended to. Made if need be. */
  readonly folder: string;
  /** Default: SQLite in the folder. */
  readonly store?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Asked again where somebody else was faster. Default: the system's choice. */
  readonly choosePort?: () => Promise<number>;
  /** `/mlflow`: a path before everything that it serves. Default: none. */
  readonly prefix?: string;
  /** Further options of `mlflow server`. */
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

export interface RunningServer {
  readonly url: string;
  /** Empty where it tells only those who log in. */
  readonly version: string;
  readonly pid: number;
  /** Resolves when all its processes are gone. */
  stop(): Promise<void>;
  /** Resolves when it has ended by itself or by anybody. */
  readonly ended: Promise<unknown>;
}

/** Unless another store is named. */
const databaseIn = (folder: string): string => join(folder, 'mlflow.db');

/** There until MLflow has filled a new database: killed halfway, it could neither use nor mend it. */
const unfinishedIn = (folder: string): string => join(folder, 'mlflow.db.unfinished');

/** Whether nothing has been sent into the folder's own database. */
export const isFresh = (folder: string): boolean =>
  existsSync(unfinishedIn(folder)) ||
  !statSync(databaseIn(folder), { throwIfNoEntry: false })?.size;

const startMilliseconds = 120_000;
const attempts = 5;

/** Starts it on 127.0.0.1 and waits until it answers; the reason, with its own words, if it does not. */
export async function startMlflow(options: ServerOptions): Promise<Attempt<RunningServer>> {
  const { folder, signal, choosePort = freePort } = options;
  const refusal = makeFolder(options);
  if (refusal) return { ok: false, reason: `${folder} cannot be written: ${refusal}` };
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await choosePort());
    const launched = launch(options, port);
    const version = await answers(launched, signal);
    const { program, url, said } = launched;
    if (version !== null) {
      if (options.store === undefined) rmSync(unfinishedIn(folder), { force: true });
      const { ended, stop, child } = program;
      return { ok: true, url, version, pid: child.pid ?? 0, ended, stop };
    }
    await program.stop();
    if (signal?.aborted) return { ok: false, reason: 'interrupted while MLflow started' };
    const isTaken = inUse.test(said());
    if (isTaken && options.port === undefined && attempt < attempts) continue;
    const log = join(folder, 'server.log');
    const reason = `MLflow's server did not start: ${reasonOf(said(), options)} (see ${log})`;
    return { ok: false, reason };
  }
}

/** MLflow would try for more than a minute to open a database that it may not write to. */
function makeFolder({ folder, store }: ServerOptions): string | null {
  try {
    mkdirSync(join(folder, 'artifacts'), { recursive: true });
    if (store !== undefined) return null;
    if (isFresh(folder)) removeUnfinished(folder);
    // An empty file is an empty database.
    closeSync(openSync(databaseIn(folder), 'a'));
    return null;
  } catch (error) {
    return refusalOf(error);
  }
}

function removeUnfinished(folder: string): void {
  writeFileSync(unfinishedIn(folder), '');
  for (const ending of ['', '-journal', '-wal', '-shm'])
    rmSync(databaseIn(folder) + ending, { force: true });
}

const inUse = /address already in use/i;

/** The signs of trouble that a person can do something about. */
function reasonOf(said: string, { folder, store, port }: ServerOptions): string {
  if (inUse.test(said)) return `its port ${port ?? ''} is in use`;
  if (/disk is full|No space left/i.test(said)) return 'the disk is full';
  const fault = databaseFaults.find(({ sign }) => sign.test(said));
  if (fault && store === undefined)
    return `its database ${fault.text}. It holds only what was sent into it: move ${folder} away, and the next start makes a new one`;
  if (fault) return `its database ${fault.text}`;
  const last = withoutCredentials(lastLine(said));
  return last === '' ? 'it said nothing' : `its last words: ${last}`;
}

const databaseFaults = [
  {
    sign: /out-of-date database schema|Can't locate revision/i,
    text: 'was written by another version of MLflow',
  },
  { sign: /file is not a database|disk image is malformed/i, text: 'is damaged' },
];

/**
 * Runs MLflow's own command, but the web server in this process instead of a second one: half the
 * memory, half the time. uvicorn comes first, or MLflow would not see that it serves and would leave
 * its guards against other web sites off. Paths are relative, since `?` and `%20` in absolute ones lead
 * MLflow's database elsewhere.
 */
const serve = `
from uvicorn.main import main
import mlflow.server
start = mlflow.server._exec_cmd
def serve(command, *, extra_env, **rest):
    if command[1:3] != ['-m', 'uvicorn']:
        return start(command, extra_env=extra_env, **rest)
    os.environ.update(extra_env)
    main(command[3:])
mlflow.server._exec_cmd = serve
from mlflow.cli import cli
cli(sys.argv[1:])
`;

interface Launched {
  readonly program: WatchedProgram;
  readonly origin: string;
  /** With its path. */
  readonly url: string;
  /** What this start, and none before it, has written into the log. */
  said(): string;
}

function launch(options: ServerOptions, port: number): Launched {
  const { python, folder, store = 'sqlite:///mlflow.db', prefix = '', args = [], env } = options;
  const log = join(folder, 'server.log');
  const output = openSync(log, 'a');
  const { size } = fstatSync(output);
  // `--static-prefix` would come after MLflow's modules have read it, in a server of one process.
  const below = prefix === '' ? {} : { _MLFLOW_STATIC_PREFIX: prefix };
  const program = startWatched(
    python,
    serve,
    [
      ...['server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'],
      ...['--backend-store-uri', store, '--artifacts-destination', './artifacts'],
      // A sweep that is sent makes thousands of requests, each a line.
      ...['--uvicorn-opts', '--no-access-log', ...args],
    ],
    { cwd: folder, env: pythonEnvironment({ ...light, ...below, ...env }), output },
  );
  closeSync(output);
  const said = () => readFileSync(log).subarray(size).toString();
  const origin = `http://127.0.0.1:${port}`;
  return { program, origin, url: origin + prefix, said };
}

/** No job consumers, no telemetry. */
const light = { MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false', MLFLOW_DISABLE_TELEMETRY: 'true' };

/** Its version once it answers; null when it ends, takes too long or is not wanted any more. */
async function answers(launched: Launched, signal?: AbortSignal): Promise<string | null> {
  const { program, origin, url, said } = launched;
  let isOver = false;
  void program.ended.then(() => {
    isOver = true;
  });
  const until = Date.now() + startMilliseconds;
  while (!isOver && !signal?.aborted && Date.now() < until) {
    // Somebody else may answer on a port that was taken in between: it says that it has the port.
    if (said().includes(`Uvicorn running on ${origin}`) && (await isHealthy(url)))
      return (await ask(url, 'version')) ?? '';
    await wait(50);
  }
  return null;
}

/** Whether an MLflow server answers there now. */
export const isHealthy = async (url: string): Promise<boolean> =>
  (await ask(url, 'health')) === 'OK';

async function ask(url: string, what: string): Promise<string | null> {
  try {
    const answer = await fetch(`${url}/${what}`, { signal: AbortSignal.timeout(2000) });
    const text = await answer.text();
    return answer.ok ? text.trim() : null;
  } catch (error) {
    // Nobody listens yet, or not in time.
    if (error instanceof TypeError || error instanceof DOMException) return null;
    throw error;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('internal: a port without an address'));
      });
    });
  });
}
