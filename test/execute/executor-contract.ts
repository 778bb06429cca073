/** @file What every executor promises, tried on one after the other. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { EnginePlan } from '../../src/engine/index.ts';
import type { Executor, TrialEvent, TrialJob } from '../../src/execute/trial-event.ts';
import { smallFolder, smallJobs } from './small-jobs.ts';

export interface ContractOptions {
  readonly jobs: number;
  readonly engine: EnginePlan;
  /** Where the jobs' prepared data are: `<runs>/<run>/data`. */
  readonly runs: string;
}

/** An executor and how to end whatever works for it. */
export interface OpenedExecutor {
  readonly executor: Executor;
  readonly close: () => Promise<void>;
}
export type OpenExecutor = (options: ContractOptions) => Promise<OpenedExecutor>;

/** `skip`: why it cannot be tried here. The promises share one executor; the last one ends it. */
export function testExecutor(name: string, open: OpenExecutor, skip: string | false = false): void {
  const folder = smallFolder();
  let opened: Promise<OpenedExecutor> | undefined;
  after(async () => {
    const { executor, close } = (await opened) ?? {};
    await executor?.close();
    await close?.();
  });
  const promise = (what: string, overrides: readonly string[], check: Check) =>
    test(`${name} executor: ${what}`, { skip }, async () => {
      const { jobs, engine } = await smallJobs(folder, 'baselines=none', ...overrides);
      opened ??= open({ jobs: 2, engine, runs: join(folder, 'runs') });
      await check((await opened).executor, jobs);
    });
  promise('a trial’s events come in order, and the last one is its only last one', [], inOrder);
  promise('a trial that fails costs no other trial', goodAndBad, failing);
  promise(
    'a stopped trial goes on from its checkpoint to the numbers of one never stopped',
    long,
    stopped,
  );
  promise('the death of a worker process is the loss of its trial alone', long, killed);
  promise('after stopAll nothing begins, and what runs leaves a checkpoint', endless, stopAll);
}

type Check = (executor: Executor, jobs: readonly TrialJob[]) => Promise<void>;

/** All events of a trial until its last one. */
export async function eventsOf(executor: Executor, job: TrialJob, watch?: (e: TrialEvent) => void) {
  const events: TrialEvent[] = [];
  await executor.run(job, (event) => {
    events.push(event);
    watch?.(event);
  });
  return events;
}

export const typesOf = (events: readonly TrialEvent[]) => events.map(({ type }) => type);
const lastOf = (events: readonly TrialEvent[]) => events.at(-1);
const lastTypes = ['finished', 'failed', 'interrupted'];

export function finishedOf(events: readonly TrialEvent[]) {
  const last = lastOf(events);
  assert.equal(last?.type, 'finished', JSON.stringify(last));
  return last as Extract<TrialEvent, { type: 'finished' }>;
}

/** What must not differ, however often a trial was cut. */
export const numbersOf = ({
  epochs,
  bestEpoch,
  metrics,
  weights,
  files,
}: ReturnType<typeof finishedOf>) => ({
  epochs,
  bestEpoch,
  metrics,
  weights,
  // The topology has a name that counts the models of a process.
  files: Object.entries(files)
    .filter(([file]) => file !== 'model/model.json')
    .map(([file, bytes]) => [file, Buffer.from(bytes).toString('base64')]),
});

const at = (jobs: readonly TrialJob[], index: number): TrialJob => {
  const job = jobs[index];
  assert.ok(job);
  return job;
};

const inOrder: Check = async (executor, jobs) => {
  const all = await Promise.all(jobs.map((job) => eventsOf(executor, job)));
  for (const [index, events] of all.entries()) {
    assert.equal(events[0]?.type, 'started');
    assert.ok(events.every(({ number }) => number === index + 1));
    const epochs = events.flatMap((event) => (event.type === 'epoch' ? [event.epoch] : []));
    assert.deepEqual(epochs, [1, 2, 3, 4, 5, 6]);
    assert.deepEqual(
      typesOf(events).filter((type) => lastTypes.includes(type)),
      ['finished'],
    );
    const { files, metrics } = finishedOf(events);
    assert.ok(Number.isFinite(metrics['validation/ill/auc']));
    assert.deepEqual(Object.keys(files).sort(), [
      'model/model.json',
      'model/preprocessing.json',
      'model/weights.bin',
      'predictions.csv',
      'resolved.yaml',
    ]);
  }
  assert.equal(new Set(all.map((each) => finishedOf(each).metrics['test/days/mae'])).size, 4);
};

const goodAndBad = [
  'sweep.replicates=1',
  'sweep.parameters={training.optimizer.adam.learningRate: [1.0e+30, 0.01]}',
];
const failing: Check = async (executor, jobs) => {
  const [bad, good] = await Promise.all(jobs.map((job) => eventsOf(executor, job)));
  const last = lastOf(bad ?? []);
  assert.ok(last?.type === 'failed' && last.cause === 'trial', JSON.stringify(last));
  assert.match(last.reason, /NaN|Infinity|infinite/);
  finishedOf(good ?? []);
};

const long = ['training.epochs=300', 'sweep.replicates=1', 'sweep.parameters={}'];
const stopped: Check = async (executor, jobs) => {
  const job = at(jobs, 0);
  const whole = finishedOf(await eventsOf(executor, job));
  let isAsked = false;
  const first = await eventsOf(executor, job, (event) => {
    if (event.type !== 'epoch' || event.epoch < 40 || isAsked) return;
    isAsked = true;
    executor.stop(job.number, 'prune');
  });
  const last = lastOf(first);
  assert.equal(last?.type, 'interrupted', JSON.stringify(last));
  const saved = first.findLast((event) => event.type === 'checkpoint');
  assert.ok(saved?.type === 'checkpoint' && saved.epoch >= 40 && saved.epoch < 300);
  const rest = await eventsOf(executor, { ...job, checkpoint: saved.bytes });
  assert.deepEqual(rest[0], { type: 'started', number: job.number, fromEpoch: saved.epoch });
  assert.deepEqual(numbersOf(finishedOf(rest)), numbersOf(whole));
};

/** The worker processes below this one, also those whose death has not been noticed here. */
export function trainingProcesses(): readonly number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)]);
  const lines = stdout.toString().split('\n');
  return lines
    .filter((line) => /execute\/worker\.ts|<defunct>/.test(line))
    .map((line) => Number.parseInt(line, 10));
}

const killed: Check = async (executor, jobs) => {
  const job = at(jobs, 0);
  const events = await eventsOf(executor, job, (event) => {
    if (event.type === 'epoch' && event.epoch === 3)
      for (const pid of trainingProcesses()) process.kill(pid, 'SIGKILL');
  });
  const last = lastOf(events);
  assert.ok(last?.type === 'failed' && last.cause === 'lost', JSON.stringify(last));
  assert.match(last.reason, /killed/);
  // An idle one died with it, which is told late: it may be given the next trial, and lose it.
  let again = await eventsOf(executor, job);
  for (let tries = 1; tries < 3 && lastOf(again)?.type === 'failed'; tries++)
    again = await eventsOf(executor, job);
  finishedOf(again);
};

const endless = ['training.epochs=100000', 'sweep.replicates=2'];
const stopAll: Check = async (executor, jobs) => {
  const all = await Promise.all(
    jobs.map((job) =>
      eventsOf(executor, job, ({ type }) => type === 'epoch' && executor.stopAll('interrupt')),
    ),
  );
  const trained = all.filter((events) => typesOf(events).includes('started'));
  assert.ok(trained.length > 0 && trained.length <= 2);
  for (const events of all) {
    const last = lastOf(events);
    assert.ok(last?.type === 'interrupted', JSON.stringify(last));
    if (trained.includes(events)) assert.equal(events.at(-2)?.type, 'checkpoint');
    else assert.deepEqual(typesOf(events), ['interrupted']);
  }
};
