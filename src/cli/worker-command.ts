/** @file `worker`: trains trials from a queue, for any runner that uses the same Redis, until Ctrl-C. */
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { catalog } from '../catalog.ts';
import { openPlace } from '../data/index.ts';
import { type EngineRequest, prepareEngine } from '../engine/index.ts';
import { packageVersion } from '../environment.ts';
import { readAddress } from '../execute/redis/address.ts';
import { checkRedis } from '../execute/redis/connection.ts';
import { queueName } from '../execute/redis/keys.ts';
import { serveTrials } from '../execute/redis/serve-trials.ts';
import { defaultJobs } from '../jobs.ts';
import { type CommonOptions, type ExitStatus, output } from './output.ts';
import { workerCache } from './worker-cache.ts';

export interface WorkerCommandOptions extends CommonOptions {
  readonly redis: string;
  readonly jobs?: number;
  readonly engine: EngineRequest;
  /** A folder or `s3://bucket/prefix`: the runner's `--data`. */
  readonly data?: string;
  /** Folder for what is fetched; default: in the cache. */
  readonly cache?: string;
  /** Seconds. */
  readonly lostAfter: number;
}

export async function workerCommand(options: WorkerCommandOptions): Promise<ExitStatus> {
  const read = readAddress(options.redis);
  const engine = await prepareEngine(options.engine, output.note);
  const reason = !read.ok ? `--redis: ${read.reason}` : !engine.ok ? engine.reason : undefined;
  if (reason !== undefined || !read.ok || !engine.ok) return refuse(reason ?? '');
  if (engine.plan.note) output.note(engine.plan.note);
  const found = await checkRedis(read.address);
  if (!found.ok) return refuse(found.reason);
  const { jobs = defaultJobs() } = options;
  const cache = options.cache ?? workerCache();
  mkdirSync(cache, { recursive: true });
  const queue = queueName(packageVersion(), engine.plan.family);
  const service = serveTrials({
    address: read.address,
    queue,
    engine: engine.plan,
    jobs,
    log: openSync(join(cache, 'workers.log'), 'a'),
    catalog,
    data: {
      cache,
      runs: options.runs,
      place: options.data === undefined ? null : await openPlace(options.data),
    },
    say: output.note,
    lostAfter: options.lostAfter * 1000,
  });
  const at = `${jobs} trial${jobs === 1 ? '' : 's'} at once`;
  output.note(`waiting for trials (${queue}) at ${read.address.shown}: ${at}; Ctrl-C stops`);
  await interrupted();
  output.note('stopping: trials write a checkpoint and go back; press Ctrl-C again to stop now');
  await service.end();
  return 0;
}

function refuse(reason: string): ExitStatus {
  output.note(`run-experiment: ${reason}`);
  return 2;
}

/** Once: stop in an orderly way. Twice: now; another worker takes the trials over. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    let count = 0;
    const listener = () => {
      count += 1;
      if (count > 1) process.exit(130);
      resolve();
    };
    process.on('SIGINT', listener);
    process.on('SIGTERM', listener);
  });
}
