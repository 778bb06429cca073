/** @file A worker: takes trials from a queue, has them trained on this machine, tells the runner. */
import { hostname } from 'node:os';
import { Worker as BullWorker, WaitingError } from 'bullmq';
import { createDataStore, type DataSources } from '../../data/index.ts';
import type { EnginePlan } from '../../engine/index.ts';
import type { Catalog } from '../../spec/kind.ts';
import { createLocalExecutor } from '../local-executor.ts';
import type { RedisAddress } from './address.ts';
import { connect } from './connection.ts';
import { prefix } from './keys.ts';
import { type Service, serveJob } from './serve-job.ts';
import { within } from './within.ts';

export interface ServiceOptions {
  readonly address: RedisAddress;
  /** From `queueName`. */
  readonly queue: string;
  readonly engine: EnginePlan;
  /** Trials at once. */
  readonly jobs: number;
  /** Where the output of training goes: a file descriptor that stays open, or nowhere. */
  readonly log: number | 'ignore';
  readonly catalog: Catalog;
  readonly data: Omit<DataSources, 'say'>;
  readonly say: (line: string) => void;
  /** A worker that is silent for so many milliseconds has lost its trials to others. */
  readonly lostAfter: number;
}

/** As a spec says by default: what a job brings along cannot change how a worker is looked after. */
const stallSeconds = 900;
const closingMilliseconds = 10_000;

export interface RunningService {
  /** Trials that run write a checkpoint and go back into the queue. */
  end(): Promise<void>;
}

export function serveTrials(options: ServiceOptions): RunningService {
  const { address, queue, jobs, say, lostAfter, engine, log } = options;
  const client = connect(address, say);
  const executor = createLocalExecutor({ jobs, engine, log, stallSeconds });
  executor.warmUp(jobs);
  const ending = new AbortController();
  let count = 0;
  const service: Service = {
    client,
    executor,
    catalog: options.catalog,
    name: `${hostname()}:${process.pid}`,
    obtainData: createDataStore({ ...options.data, say }),
    say,
    ending: ending.signal,
    nextNumber: () => ++count,
    askEvery: Math.min(1000, lostAfter / 3),
  };
  const worker = new BullWorker(
    queue,
    async (job, token) => {
      if ((await serveJob(service, job.data)) === 'done') return;
      await job.moveToWait(token);
      throw new WaitingError();
    },
    {
      connection: client,
      prefix,
      concurrency: jobs,
      lockDuration: lostAfter,
      stalledInterval: lostAfter / 2,
      // How often a trial may lose its worker is counted with its attempts.
      maxStalledCount: 1e6,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    },
  );
  worker.on('error', () => {}); // A lost connection is said by `connect`; a lost job by its verdict.
  const end = async () => {
    ending.abort();
    const closed = worker.close(); // From now on it takes no more.
    executor.stopAll('interrupt');
    await executor.close();
    // BullMQ waits for a Redis that is gone; what it would say there, its lock says by running out.
    await within(closingMilliseconds, closed);
    client.disconnect();
  };
  return { end };
}
