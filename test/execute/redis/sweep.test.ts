import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { readJournal } from '../../../src/record/journal.ts';
import {
  command,
  run,
  smallExperiment,
  smallSpec,
  start,
} from '../../end-to-end/small-experiment.ts';
import { noRedis, startRedis } from '../../redis/server.ts';
import { freshFolder } from './open-redis.ts';

const password = 'pa55:w/rd@x';
const server = noRedis ? undefined : await startRedis(password);
after(() => server?.stop());
const skip = noRedis;
/** Some seconds of training, so that kills meet it. */
const spec = smallSpec
  .replace('epochs: 6', 'epochs: 300')
  .replace('replicates: 2', 'replicates: 1');
const env = { REDIS_URL: server?.url ?? '' };

/** Results without what differs by nature: times, and in which attempt a program was made. */
function numbersOf(stdout: string) {
  const results = JSON.parse(stdout);
  return {
    ...results,
    trials: results.trials.map(({ seconds: _, ...trial }: { seconds: number }) => trial),
  };
}

/** A worker process, with all that it said. */
function startWorker(cache: string, data: string) {
  const options = ['--jobs', '1', '--lost-after', '2', '--cache', cache, '--data', data];
  const child: ChildProcess = spawn(process.execPath, [command, 'worker', ...options], {
    cwd: cache,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (text) => {
      said += text;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, ended, said: () => said };
}

const journalOf = (folder: string) => readJournal(join(folder, 'runs/small/journal.jsonl'));
const finishes = (folder: string) =>
  journalOf(folder).flatMap((record) => (record.type === 'finish' ? [record.number] : []));

async function untilFinished(folder: string, count: number): Promise<void> {
  while (finishes(folder).length < count) await wait(20);
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

test('a sweep whose workers and runner are killed has the numbers of a local one, each trial once, and no password anywhere', {
  skip,
}, async () => {
  const local = await run(smallExperiment(spec), 'small.yaml', '--json');
  assert.equal(local.status, 0, local.stderr);

  const withRedis = `${spec}execution: { redis: '\${env:REDIS_URL}' }\n`;
  const folder = smallExperiment(withRedis);
  const [cache, data] = [freshFolder(), freshFolder()];
  const worker = () => startWorker(cache, data);
  const args = ['small.yaml', '--json', '--data', data];
  const workers = [worker(), worker()];
  const first = start(folder, args, env);
  const replace = (place: number) => {
    workers[place]?.child.kill('SIGKILL');
    workers.push(worker());
  };
  await untilFinished(folder, 1);
  replace(0);
  await untilFinished(folder, 2);
  first.child.kill('SIGKILL');
  const killed = await first.finished;
  const second = start(folder, args, env);
  await untilFinished(folder, 3);
  replace(1);
  const last = await second.finished;
  assert.equal(last.status, 0, last.stderr);
  assert.deepEqual(numbersOf(last.stdout), numbersOf(local.stdout));
  const numbers = [...finishes(folder)].sort((one, other) => one - other);
  assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6]);

  const gc = async () => {
    const { stdout } = await run(folder, 'gc', '--cache', cache, '--worker-data', '--json');
    return JSON.parse(stdout).workerData;
  };
  const inUse = await gc();
  assert.deepEqual([inUse.freed, inUse.usedBytes], [0, inUse.bytes], 'running workers use it');
  for (const { child } of workers.slice(2)) child.kill('SIGTERM');
  for (const { ended, said } of workers.slice(2)) assert.equal(await ended, 0, said());
  assert.equal((await gc()).freed, inUse.bytes, 'nobody does any more');
  const texts = [
    ...[...filesBelow(folder), ...filesBelow(cache)].map((path) => readFileSync(path, 'latin1')),
    ...workers.map(({ said }) => said()),
    ...[killed, last].flatMap(({ stdout, stderr }) => [stdout, stderr]),
  ];
  const secrets = [password, encodeURIComponent(password)];
  for (const text of texts) assert.ok(!secrets.some((secret) => text.includes(secret)));
  const recorded = readFileSync(join(folder, 'runs/small/executions/1/resolved.yaml'), 'utf8');
  assert.match(recorded, /redis: .*\$\{env:REDIS_URL\}/);
});

test('a password that is refused, an address that is none and a Redis that is away are told without the password', {
  skip,
}, async () => {
  const folder = smallExperiment();
  const port = server?.port;
  const wrong = 'wr0ng';
  const cases = [
    [`redis://:${wrong}@127.0.0.1:${port}`, /WRONGPASS|invalid username-password/],
    [`redis://:${wrong}/x@127.0.0.1:${port}`, /expected the address of Redis/],
    [`http://u:${wrong}@127.0.0.1`, /expected the address of Redis/],
    [
      `redis://u:${wrong}@127.0.0.1:1`,
      /redis:\/\/\*\*\*@127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED/,
    ],
  ] as const;
  const outcomes = await Promise.all(
    cases.flatMap(([url, expected]) => [
      run(folder, 'small.yaml', '--executor', url, '--runs', freshFolder()).then((done) => ({
        done,
        expected,
      })),
      run(folder, 'worker', '--redis', url).then((done) => ({ done, expected })),
    ]),
  );
  for (const { done, expected } of outcomes) {
    assert.equal(done.status, 2, done.stderr);
    assert.match(done.stderr, expected);
    assert.ok(!`${done.stdout}${done.stderr}`.includes(wrong), done.stderr);
  }
  const literal = smallExperiment(`${smallSpec}execution: { redis: 'redis://:${wrong}/y@h' }\n`);
  const refused = await run(literal, 'small.yaml');
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /execution\.redis: expected redis:/);
  const shown = await run(
    smallExperiment(`${smallSpec}execution: { redis: 'redis://:${wrong}@h' }\n`),
    'small.yaml',
    '--dry-run',
  );
  assert.equal(shown.status, 0);
  for (const { stdout, stderr } of [refused, shown])
    assert.ok(!`${stdout}${stderr}`.includes(wrong), stdout + stderr);
});
