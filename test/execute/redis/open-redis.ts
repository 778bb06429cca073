/** @file Runners and workers in the process of a test, and what they said. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { catalog } from '../../../src/catalog.ts';
import { dataName } from '../../../src/data/index.ts';
import type { EnginePlan } from '../../../src/engine/index.ts';
import { packageVersion } from '../../../src/environment.ts';
import { readAddress } from '../../../src/execute/redis/address.ts';
import { queueName } from '../../../src/execute/redis/keys.ts';
import { createRedisExecutor } from '../../../src/execute/redis/redis-executor.ts';
import { serveTrials } from '../../../src/execute/redis/serve-trials.ts';

export interface Lines {
  readonly lines: string[];
  /** Resolves when a line fits. */
  has(pattern: RegExp): Promise<void>;
}

export function saidLines(): Lines & { readonly say: (line: string) => void } {
  const lines: string[] = [];
  return {
    lines,
    say: (line) => lines.push(line),
    async has(pattern) {
      while (!lines.some((line) => pattern.test(line))) await wait(20);
    },
  };
}

export const freshFolder = () => mkdtempSync(join(tmpdir(), 'worker-'));

function addressOf(url: string) {
  const read = readAddress(url);
  if (!read.ok) throw new Error(read.reason);
  return read.address;
}

/** As fast as can be in noticing that anybody is gone. */
export const lostAfter = 2000;

export function openRunner(url: string, engine: EnginePlan, run = randomBytes(8).toString('hex')) {
  const said = saidLines();
  const executor = createRedisExecutor({
    address: addressOf(url),
    queue: queueName(packageVersion(), engine.family),
    run,
    experiment: 'small',
    nameData: async (directory) => dataName(directory),
    say: said.say,
    times: { renew: 300, stop: 5000 },
  });
  return { executor, said };
}

export function openWorker(url: string, engine: EnginePlan, runs: string, jobs = 1) {
  const said = saidLines();
  const service = serveTrials({
    address: addressOf(url),
    queue: queueName(packageVersion(), engine.family),
    engine,
    jobs,
    log: 'ignore',
    catalog,
    data: { cache: freshFolder(), runs, place: null },
    say: said.say,
    lostAfter,
  });
  return { said, end: () => service.end() };
}
