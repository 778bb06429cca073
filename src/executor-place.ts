/** @file Where an experiment's trials are trained: in processes of this machine, or by workers elsewhere. */
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import { dataName, openPlace, publishData } from './data/index.ts';
import type { Attempt, EnginePlan } from './engine/engine-plan.ts';
import { packageVersion } from './environment.ts';
import { createLocalExecutor } from './execute/local-executor.ts';
import { type RedisAddress, readAddress } from './execute/redis/address.ts';
import { queueName } from './execute/redis/keys.ts';
import type { Executor } from './execute/trial-event.ts';
import type { Problem } from './spec/index.ts';
import type { ResolvedSpec } from './spec/schema/experiment.ts';

/** What the command line says, over what the spec says. */
export interface PlaceOptions {
  /** `local`, or the address of Redis. */
  readonly executor?: string;
  /** A folder or `s3://bucket/prefix` that workers reach too. */
  readonly data?: string;
}

export type ExecutorPlace =
  | { readonly kind: 'local' }
  | { readonly kind: 'redis'; readonly address: RedisAddress; readonly data: string | null };

type Execution = Pick<ResolvedSpec, 'execution'>;

/** Finds Redis where it is asked for: a run does not begin without. */
export async function findExecutor(
  { execution }: Execution,
  options: PlaceOptions,
): Promise<Attempt<{ place: ExecutorPlace }>> {
  const executor = options.executor ?? execution.redis ?? 'local';
  if (executor === 'local') return { ok: true, place: { kind: 'local' } };
  const read = readAddress(executor);
  if (!read.ok) return { ok: false, reason: `--executor: ${read.reason}, or local` };
  // Loaded only where it is used: BullMQ takes its time.
  const { checkRedis } = await import('./execute/redis/connection.ts');
  const found = await checkRedis(read.address);
  if (!found.ok) return found;
  const data = options.data ?? execution.data ?? null;
  return { ok: true, place: { kind: 'redis', address: read.address, data } };
}

/** The address as far as it can be known without Redis. It is not repeated: it may hold a password. */
export function checkExecution({ execution }: Execution): readonly Problem[] {
  if (execution.redis === undefined || readAddress(execution.redis).ok) return [];
  const expected = 'redis://[user:password@]host[:port][/database], or rediss:// with TLS';
  return [{ path: ['execution', 'redis'], expected, came: 'something else' }];
}

export interface ExecutorRequest {
  readonly place: ExecutorPlace;
  readonly jobs: number;
  readonly engine: EnginePlan;
  readonly log: number;
  readonly stallSeconds: number;
  readonly experiment: string;
  /** Of the run; it exists. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

export async function openExecutor(request: ExecutorRequest): Promise<Executor> {
  const { place, jobs, engine, log, stallSeconds, folder, experiment, say } = request;
  if (place.kind === 'local') return createLocalExecutor({ jobs, engine, log, stallSeconds });
  const { createRedisExecutor } = await import('./execute/redis/redis-executor.ts');
  const data = place.data === null ? null : await openPlace(place.data);
  return createRedisExecutor({
    address: place.address,
    queue: queueName(packageVersion(), engine.family),
    run: createHash('sha256')
      .update(`${hostname()}:${realpathSync(folder)}`)
      .digest('hex')
      .slice(0, 16),
    experiment,
    async nameData(directory) {
      if (data) await publishData(data, directory);
      return dataName(directory);
    },
    say,
  });
}
