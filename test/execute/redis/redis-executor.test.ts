import { after } from 'node:test';
import { noRedis, startRedis } from '../../redis/server.ts';
import { testExecutor } from '../executor-contract.ts';
import { openRunner, openWorker } from './open-redis.ts';

const server = noRedis ? undefined : await startRedis();
after(() => server?.stop());

testExecutor(
  'redis',
  async ({ jobs, engine, runs }) => {
    const url = server?.url ?? '';
    const worker = openWorker(url, engine, runs, jobs);
    return { executor: openRunner(url, engine).executor, close: () => worker.end() };
  },
  noRedis,
);
