import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createMlflowClient, type MlflowClient } from '../../src/mlflow-client-ts/index.ts';
import { rng } from '../../src/plan/random.ts';
import { sendRun } from '../../src/track/send-run.ts';
import { trackingTarget } from '../../src/track/target.ts';
import {
  type Finished,
  smallExperiment,
  smallSpec,
  start,
} from '../end-to-end/small-experiment.ts';
import { type FaultProxy, startProxy } from '../mlflow/proxy.ts';
import { readBack } from '../mlflow/read-back.ts';
import { startServer, type TestServer } from '../mlflow/server.ts';

let server: TestServer;
let proxy: FaultProxy;
let client: MlflowClient;
before(async () => {
  server = await startServer();
  [proxy, client] = [
    await startProxy(server.uri),
    createMlflowClient({ uri: server.uri, env: {} }),
  ];
});
after(async () => {
  await proxy.stop();
  await client.close();
  await server.stop();
});

/** One choice, two replicates, two controls: six trials, into an experiment of this name. */
function experiment(name: string, changes: Readonly<Record<string, string>> = {}): string {
  const spec = Object.entries({ '[0.003, 0.03]': '[0.03]', ...changes }).reduce(
    (text, [from, to]) => text.replace(from, to),
    smallSpec,
  );
  return smallExperiment(`${spec}tracking: { mlflow: { experiment: '${name}' } }\n`);
}

const fast = { MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: '0.02', MLFLOW_HTTP_REQUEST_TIMEOUT: '2' };
const command = (folder: string, args: readonly string[], uri: string): Promise<Finished> =>
  start(folder, args, { ...fast, MLFLOW_TRACKING_URI: uri }).finished;

/** What is sent into another experiment, from the same run's folder. */
async function sentAnew(folder: string, name: string): Promise<unknown> {
  const copy = join(folder, 'copy');
  cpSync(join(folder, 'runs', 'small'), copy, { recursive: true });
  rmSync(join(copy, 'mlflow'), { recursive: true });
  const found = trackingTarget('small', { uri: server.uri, experiment: name }, {});
  assert.ok(found?.ok);
  const signal = new AbortController().signal;
  const options = { folder: copy, target: found.target, env: {}, signal, say: () => {} };
  const sent = await sendRun(options);
  assert.ok(sent.ok && sent.progress.isOver);
  return readBack(client, name);
}

test('a run is there when it ends, as sync would send it, and results name its MLflow runs', async () => {
  const folder = experiment('live');
  const { status, stderr } = await command(folder, ['small.yaml'], server.uri);
  assert.equal(status, 0, stderr);
  assert.match(
    stderr,
    /MLflow: 6 of 6 trials are there: http:\/\/127.0.0.1:\d+\/#\/experiments\/\d+\/runs\?.*viewStateShareKey=/,
  );
  const { stdout } = await command(folder, ['results', '--json'], server.uri);
  const ids = JSON.parse(stdout).trials.map(
    ({ mlflowRunId }: { mlflowRunId: string }) => mlflowRunId,
  );
  assert.equal(new Set(ids).size, 6);
  for (const id of ids) assert.equal((await client.runs.get(id)).info.status, 'FINISHED');
  const live = await readBack(client, 'live');
  assert.deepEqual(live, await sentAnew(folder, 'anew'));
});

test('a wider grid goes into the same sweep', async () => {
  const folder = experiment('wider');
  await command(folder, ['small.yaml'], server.uri);
  const file = join(folder, 'small.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('[0.03]', '[0.03, 0.01]'));
  const { status, stderr } = await command(folder, ['small.yaml'], server.uri);
  assert.equal(status, 0, stderr);
  const { runs } = (await readBack(client, 'wider')) as {
    runs: readonly [string, { status: string }][];
  };
  assert.equal(runs.length, 13);
  assert.deepEqual(new Set(runs.map(([, { status }]) => status)), new Set(['FINISHED']));
});

test('a server that is away for the whole sweep costs nothing but a word', async () => {
  const folder = experiment('absent');
  await proxy.down();
  const { status, stderr } = await command(folder, ['small.yaml'], proxy.uri);
  assert.equal(status, 0, stderr);
  assert.match(stderr, /MLflow: .*ECONNREFUSED.*; training goes on/);
  assert.match(stderr, /MLflow: 0 trials were sent; run-experiment sync sends the rest/);
  const failed = await command(folder, ['sync'], proxy.uri);
  assert.equal(failed.status, 1);
  await proxy.up();
  const synced = await command(folder, ['sync'], proxy.uri);
  assert.equal(synced.status, 0, synced.stderr);
  assert.deepEqual(await readBack(client, 'absent'), await sentAnew(folder, 'absent anew'));
});

test('a server that never answers keeps no trial waiting, and gets everything by sync', async () => {
  const folder = experiment('silent');
  proxy.clear();
  proxy.plan({ times: 1e6, action: { kind: 'hang' } });
  const { status, stderr } = await command(folder, ['small.yaml'], proxy.uri);
  assert.equal(status, 0, stderr);
  assert.match(stderr, /run-experiment sync sends the rest/);
  proxy.clear();
  const synced = await command(folder, ['sync'], proxy.uri);
  assert.equal(synced.status, 0, synced.stderr);
  assert.deepEqual(await readBack(client, 'silent'), await sentAnew(folder, 'silent anew'));
});

test('sync that is killed at any moment leaves nothing twice', async (context) => {
  const folder = experiment('interrupted');
  await proxy.down();
  await command(folder, ['small.yaml'], proxy.uri);
  await proxy.up();
  const { next } = rng(1, 'kills');
  let kills = 0;
  for (let attempt = 0; attempt < 6; attempt++) {
    proxy.clear();
    const { child, finished } = start(folder, ['sync'], {
      ...fast,
      MLFLOW_TRACKING_URI: proxy.uri,
    });
    const requests = 5 + Math.floor(40 * next());
    while (proxy.requests.length < requests && child.exitCode === null) await tick();
    if (child.exitCode === null) kills += Number(child.kill('SIGKILL'));
    await finished;
  }
  assert.ok(kills > 2, `only ${kills} kills`);
  const synced = await command(folder, ['sync'], proxy.uri);
  assert.equal(synced.status, 0, synced.stderr);
  assert.deepEqual(
    await readBack(client, 'interrupted'),
    await sentAnew(folder, 'interrupted anew'),
  );
  context.diagnostic(`${kills} kills`);
});

const tick = () => new Promise<void>((resolve) => setTimeout(resolve, 3));

test('a runner that is killed shows as such, and its second run as finished', async () => {
  const folder = experiment('shot', { 'epochs: 6': 'epochs: 300' });
  const { child, finished } = start(folder, ['small.yaml'], {
    ...fast,
    MLFLOW_TRACKING_URI: server.uri,
  });
  const journal = join(folder, 'runs', 'small', 'journal.jsonl');
  const epochs = () => {
    try {
      return readFileSync(journal, 'utf8').split('"epoch"').length;
    } catch {
      return 0; // It has not begun.
    }
  };
  while (epochs() < 200 && child.exitCode === null) await tick();
  child.kill('SIGKILL');
  await finished;
  // The process that sent for it may take a moment to notice.
  while ((await command(folder, ['sync'], server.uri)).status !== 0) await tick();
  const shot = (await readBack(client, 'shot')) as {
    runs: readonly [string, { status: string }][];
  };
  assert.equal(new Map(shot.runs).get('0')?.status, 'KILLED');
  const again = await command(folder, ['small.yaml'], server.uri);
  assert.equal(again.status, 0, again.stderr);
  assert.deepEqual(await readBack(client, 'shot'), await sentAnew(folder, 'shot anew'));
});

test('a trial can be seen with its curves while it is trained', async () => {
  const folder = experiment('watched', { 'epochs: 6': 'epochs: 100000' });
  const { child, finished } = start(folder, ['small.yaml'], {
    ...fast,
    MLFLOW_TRACKING_URI: server.uri,
  });
  const isSeen = async (): Promise<boolean> => {
    const found = await client.experiments.getByName('watched');
    if (!found) return false;
    const filter = "attributes.status = 'RUNNING' AND tags.trial = '1'";
    for await (const { data } of client.runs.search({
      experimentIds: [found.experimentId],
      filter,
    }))
      if (data.metrics['train/days/loss']) return true;
    return false;
  };
  while (!(await isSeen())) assert.equal(child.exitCode, null, 'it ended unseen');
  child.kill('SIGKILL');
  await finished;
});

test('no secret reaches a record, a message, or the server', async () => {
  const secret = 'tok3n-of-the-test';
  const folder = experiment('secret', {});
  const uri = server.uri.replace('http://', `http://somebody:${secret}@`);
  const env = {
    ...fast,
    MLFLOW_TRACKING_URI: uri,
    MLFLOW_TRACKING_PASSWORD: secret,
    MLFLOW_TRACKING_TOKEN: secret,
  };
  const outputs = [
    await start(folder, ['small.yaml'], env).finished,
    await start(folder, ['sync'], env).finished,
    await start(folder, ['results', '--json'], env).finished,
    await start(folder, ['report'], env).finished,
    // A server that is not there makes errors that name it.
    await start(folder, ['sync'], {
      ...env,
      MLFLOW_TRACKING_URI: `http://somebody:${secret}@127.0.0.1:9`,
      MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0',
    }).finished,
  ];
  assert.equal(outputs[0]?.status, 0, outputs[0]?.stderr);
  for (const { stdout, stderr } of outputs) assert.ok(!(stdout + stderr).includes(secret));
  for (const place of [join(folder, 'runs'), server.folder])
    for (const file of filesIn(place)) assert.ok(!readFileSync(file).includes(secret), file);
});

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test('sync without a server, or with an address that is none, says what to do', async () => {
  const folder = experiment('none');
  await start(folder, ['small.yaml'], { MLFLOW_TRACKING_URI: '' }).finished;
  const none = await command(folder, ['sync'], '');
  assert.equal(none.status, 2);
  assert.match(none.stderr, /set MLFLOW_TRACKING_URI .*run-experiment ui/);
  const file = await command(folder, ['sync'], 'sqlite:///mlflow.db');
  assert.equal(file.status, 2);
  assert.match(file.stderr, /has no server to talk to/);
  const unknown = await command(folder, ['sync', 'smal'], server.uri);
  assert.equal(unknown.status, 2);
  assert.match(unknown.stderr, /Did you mean "small"/);
});

/** Only root may mount a small disk. */
const mountReason = process.getuid?.() === 0 ? false : 'only root can mount a small disk';
test('a server whose disk is full gets everything once it has room', {
  skip: mountReason,
}, async () => {
  const disk = smallExperiment();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]);
  const full = await startServer({ folder: disk });
  try {
    const folder = experiment('full');
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(bavail * bsize - 300_000));
    const { status, stderr } = await command(folder, ['small.yaml'], full.uri);
    assert.equal(status, 0, stderr);
    const before = await command(folder, ['sync'], full.uri);
    assert.equal(before.status, 1, before.stdout);
    execFileSync('mount', ['-o', 'remount,size=64m', disk]);
    const synced = await command(folder, ['sync'], full.uri);
    assert.equal(synced.status, 0, synced.stderr);
    const own = createMlflowClient({ uri: full.uri, env: {} });
    const there = await readBack(own, 'full');
    await own.close();
    assert.deepEqual(there, await sentAnew(folder, 'full anew'));
  } finally {
    await full.stop();
    execFileSync('umount', ['-l', disk]);
  }
});
