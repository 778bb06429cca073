import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Redis } from 'ioredis';
import type { TrialEvent } from '../../../src/execute/trial-event.ts';
import { command } from '../../end-to-end/small-experiment.ts';
import { noRedis, startRedis } from '../../redis/server.ts';
import { startTcpProxy } from '../../redis/tcp-proxy.ts';
import { trainingProcesses } from '../executor-contract.ts';
import { smallFolder, smallJobs } from '../small-jobs.ts';
import { freshFolder, openRunner, openWorker, saidLines } from './open-redis.ts';

const server = noRedis ? undefined : await startRedis();
after(() => server?.stop());
const url = server?.url ?? '';
const skip = noRedis;

/** A trial that ends only when it is told to, its events, and waiting for the next start. */
async function endlessTrial() {
  const folder = smallFolder();
  const overrides = ['baselines=none', 'sweep={}', 'training.epochs=1000000'];
  const { jobs, engine } = await smallJobs(folder, ...overrides);
  const [job] = jobs;
  assert.ok(job);
  const { executor, said } = openRunner(url, engine);
  const events: TrialEvent[] = [];
  const listeners = new Set<(event: TrialEvent) => void>();
  const ended = executor.run(job, (event) => {
    events.push(event);
    for (const listener of listeners) listener(event);
  });
  const next = (type: TrialEvent['type']) =>
    new Promise<void>((resolve) => {
      const listener = (event: TrialEvent) => {
        if (event.type !== type) return;
        listeners.delete(listener);
        resolve();
      };
      listeners.add(listener);
    });
  const runs = join(folder, 'runs');
  return { executor, said, events, next, ended, job, engine, runs };
}

/** After each start the epochs follow each other from its checkpoint on: no others are heard. */
function checkEpochs(events: readonly TrialEvent[], starts: number): void {
  let [epoch, seen] = [0, 0];
  for (const event of events) {
    if (event.type === 'started') {
      assert.ok(event.fromEpoch <= epoch);
      epoch = event.fromEpoch;
      seen += 1;
    } else if (event.type === 'epoch') {
      epoch += 1;
      assert.equal(event.epoch, epoch);
    }
  }
  assert.equal(seen, starts);
  assert.deepEqual(
    events.filter(({ type }) => ['finished', 'failed', 'interrupted'].includes(type)).length,
    1,
  );
}

test('a worker whose connection was cut for too long comes back to a trial that is another’s', {
  skip,
}, async () => {
  const proxy = await startTcpProxy(server?.port ?? 0);
  const trial = await endlessTrial();
  const { engine, runs } = trial;
  const cut = openWorker(`redis://127.0.0.1:${proxy.port}`, engine, runs);
  await trial.next('checkpoint');
  proxy.down();
  const other = openWorker(url, engine, runs);
  await trial.next('started');
  proxy.up();
  await cut.said.has(/no longer this worker/);
  await trial.next('epoch');
  trial.executor.stop(trial.job.number, 'interrupt');
  await trial.ended;
  checkEpochs(trial.events, 2);
  const [, second] = trial.events.filter((event) => event.type === 'started');
  assert.ok(second?.type === 'started' && second.fromEpoch > 0, 'it begins at a checkpoint');
  await Promise.all([trial.executor.close(), cut.end(), other.end()]);
  await proxy.stop();
});

test('a worker that was stopped like a stalled one changes nothing when it goes on, and can give a trial back', {
  skip,
}, async () => {
  const trial = await endlessTrial();
  const { engine, runs } = trial;
  const args = ['--redis', url, '--runs', runs, '--jobs', '1', '--lost-after', '2'];
  const stalled = spawn(process.execPath, [command, 'worker', ...args, '--cache', freshFolder()], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = new Promise((resolve) => stalled.once('exit', resolve));
  const said = saidLines();
  stalled.stderr.on('data', (text) => said.say(String(text)));
  await trial.next('checkpoint');
  stalled.kill('SIGSTOP');
  const other = openWorker(url, engine, runs);
  await trial.next('started');
  stalled.kill('SIGCONT');
  await said.has(/no longer this worker/);
  await trial.next('checkpoint');
  const restarted = trial.next('started');
  await other.end();
  await other.said.has(/given back after epoch/);
  await restarted;
  await trial.next('epoch');
  trial.executor.stop(trial.job.number, 'interrupt');
  await trial.ended;
  checkEpochs(trial.events, 3);
  await trial.executor.close();
  stalled.kill('SIGTERM');
  assert.equal(await exited, 0, said.lines.join(''));
});

test('why a trial lost its worker is one line, which names what helps and the worker', {
  skip,
}, async () => {
  const trial = await endlessTrial();
  const worker = openWorker(url, trial.engine, trial.runs);
  await trial.next('epoch');
  for (const pid of trainingProcesses()) process.kill(pid, 'SIGKILL');
  await trial.ended;
  const last = trial.events.at(-1);
  assert.ok(last?.type === 'failed' && last.cause === 'lost', JSON.stringify(last));
  assert.match(last.reason, /^its worker was killed \(SIGKILL\), .*need less \(worker .*\)$/);
  assert.ok(last.reason.endsWith(`(worker ${hostname()}:${process.pid})`), last.reason);
  await Promise.all([trial.executor.close(), worker.end()]);
});

test('a Redis that forgot everything is given the trial again', { skip }, async () => {
  const trial = await endlessTrial();
  const worker = openWorker(url, trial.engine, trial.runs);
  await trial.next('epoch');
  const redis = new Redis(url);
  const restarted = trial.next('started');
  await redis.flushall();
  redis.disconnect();
  await restarted;
  await trial.next('epoch');
  trial.executor.stop(trial.job.number, 'interrupt');
  await trial.ended;
  checkEpochs(trial.events, 2);
  await Promise.all([trial.executor.close(), worker.end()]);
});

test('a runner that closes leaves nothing in Redis but the names of its queue', {
  skip,
}, async () => {
  const redis = new Redis(url);
  await redis.flushall();
  const trial = await endlessTrial();
  const worker = openWorker(url, trial.engine, trial.runs);
  await trial.next('checkpoint');
  await trial.executor.close();
  await trial.ended;
  await worker.end();
  const keys = await redis.keys('*');
  redis.disconnect();
  assert.deepEqual(
    keys.filter((key) => !/:(meta|events|id|stalled-check)$/.test(key) || /session|run:/.test(key)),
    [],
  );
  assert.equal(trial.events.at(-1)?.type, 'interrupted');
  assert.equal(trial.events.at(-2)?.type, 'checkpoint');
});
