import { createLocalExecutor } from '../../src/execute/local-executor.ts';
import { testExecutor } from './executor-contract.ts';

testExecutor('local', async ({ jobs, engine }) => ({
  executor: createLocalExecutor({ jobs, engine, log: 'ignore', stallSeconds: 900 }),
  close: async () => {},
}));
