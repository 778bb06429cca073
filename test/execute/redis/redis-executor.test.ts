import { noRedis, startRedis } from '../../redis/server.ts';
import { testExecutor } from '../executor-contract.ts';
import { openRunner, openWorker } from './open-redis.ts';

const server = noRedis ? undefined : await startRedis();

testExecutor(
  'redis',
  async ({ jobs, engine, runs }) => {
    const url = server?.url ?? '';
    const worker = openWorker(url, engine, runs, jobs);
    const close = async () => {
      await worker.end();
      await server?.stop();
    };
    return { executor: openRunner(url, engine).executor, close };
  },
  noRedis,
);
