import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createMlflowClient, type MlflowClient } from '../../src/mlflow-client-ts/index.ts';
import { cursorPath } from '../../src/track/cursor-path.ts';
import { type SentRun, sendRun } from '../../src/track/send-run.ts';
import { trackingTarget } from '../../src/track/target.ts';
import { run, smallExperiment, smallSpec } from '../end-to-end/small-experiment.ts';
import { type FaultAction, type FaultProxy, startProxy } from '../mlflow/proxy.ts';
import { readBack } from '../mlflow/read-back.ts';
import { startServer, type TestServer } from '../mlflow/server.ts';

/** Waits of hundredths of seconds: what is waited for here has been planned. */
const env = {
  MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: '0.02',
  MLFLOW_HTTP_REQUEST_BACKOFF_JITTER: '0',
  MLFLOW_HTTP_REQUEST_TIMEOUT: '2',
};

let server: TestServer;
let proxy: FaultProxy;
let client: MlflowClient;
/** A real run of 6 trials, with models and predictions; never sent from here. */
let original: string;
/** What a server holds of it when nothing went wrong. */
let expected: unknown;

before(async () => {
  // One choice, two replicates, two controls: six trials.
  const folder = smallExperiment(smallSpec.replace('[0.003, 0.03]', '[0.03]'));
  const [trained, started] = await Promise.all([run(folder, 'small.yaml'), startServer()]);
  assert.equal(trained.status, 0, trained.stderr);
  [server, original] = [started, join(folder, 'runs', 'small')];
  [proxy, client] = [
    await startProxy(server.uri),
    createMlflowClient({ uri: server.uri, env: {} }),
  ];
  const folderOfIt = copyOf(original);
  assert.ok((await send(folderOfIt, 'undisturbed', server.uri)).ok);
  expected = await readBack(client, 'undisturbed');
});
after(async () => {
  await proxy.stop();
  await client.close();
  await server.stop();
});

function copyOf(folder: string): string {
  const copy = join(mkdtempSync(join(tmpdir(), 'sync-')), 'small');
  cpSync(folder, copy, { recursive: true });
  return copy;
}

/** As `sync` does it, into an experiment of this name. */
function send(
  folder: string,
  experiment: string,
  uri = proxy.uri,
  say: (line: string) => void = () => {},
): Promise<SentRun> {
  const target = trackingTarget('small', { uri, experiment }, {});
  assert.ok(target?.ok);
  const signal = new AbortController().signal;
  return sendRun({ folder, target: target.target, env, signal, say });
}

/** What came of it, and that a `sync` after it asks for nothing and changes nothing. */
async function assertThere(folder: string, experiment: string): Promise<void> {
  assert.deepEqual(await readBack(client, experiment), expected);
  proxy.clear();
  assert.ok((await send(folder, experiment)).ok);
  assert.deepEqual(proxy.requests, []);
}

/** Again and again, as a user would; how often it took. */
async function sendUntilThere(folder: string, experiment: string, most = 10): Promise<number> {
  for (let tries = 1; tries <= most; tries++) {
    const sent = await send(folder, experiment);
    if (sent.ok && sent.progress.isOver) return tries;
  }
  assert.fail(`not all of it was sent in ${most} tries`);
}

const writes = () =>
  proxy.requests.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/search'));

interface Held {
  readonly runs: readonly (readonly [string, HeldRun])[];
  readonly models: readonly unknown[];
  readonly views: readonly unknown[];
}
type Pairs = readonly (readonly [key: string, value: string])[];
interface HeldRun {
  readonly params: Pairs;
  readonly tags: Pairs;
  readonly artifacts: readonly string[];
  readonly inputs: readonly unknown[];
  readonly outputs: readonly unknown[];
  readonly history: readonly { readonly key: string }[];
}

test('every trial is there once, with all that belongs to it', () => {
  const { runs, models, views } = expected as Held;
  assert.deepEqual(
    runs.map(([key]) => key),
    ['0', '1', '2', '3', '4', '5', '6'],
  );
  assert.equal(models.length, 6);
  assert.equal(views.length, 3);
  const [sweep, joint] = [new Map(runs).get('0'), new Map(runs).get('1')];
  assert.ok(sweep && joint);
  const files = ['curves.svg', 'predictions.json', 'resolved.yaml', 'spec.yaml'];
  const plots = ['ill/confusion.svg', 'ill/calibration.svg', 'days/predicted-against-true.svg'];
  for (const name of [...files, ...plots])
    assert.ok(
      joint.artifacts.some((file) => file.startsWith(name)),
      `${name} is missing`,
    );
  assert.equal(joint.inputs.length, 3);
  assert.equal(joint.outputs.length, 1);
  const keys = new Set(joint.history.map(({ key }) => key));
  const curves = ['train/ill/loss', 'validation/days/mae'];
  for (const key of [...curves, 'best/test/ill/auc', 'system/cpu_utilization_percentage'])
    assert.ok(keys.has(key), `${key} is missing`);
  const { 'mlflow.note.content': note, ...tags } = Object.fromEntries(joint.tags);
  assert.match(note ?? '', /validation/);
  assert.equal(tags['mlflow.loggedArtifacts'], '[{"path":"predictions.json","type":"table"}]');
  assert.deepEqual(
    [tags.experiment, tags.trial, tags.seed, tags.tasks, tags.control],
    ['small', '1', '3', 'ill, days', 'none'],
  );
  assert.deepEqual(joint.params, [['training.optimizer.adam.learningRate', '0.03']]);
  for (const name of ['identity', 'engine', 'mlflow.parentRunId', 'mlflow.source.name'])
    assert.ok(tags[name], `${name} is missing`);
  assertSweep(sweep);
});

function assertSweep({ artifacts, tags, history }: HeldRun): void {
  for (const name of ['report.html', 'results.json', 'spec.yaml', 'resolved.yaml'])
    assert.ok(
      artifacts.some((file) => file.startsWith(name)),
      `${name} is missing`,
    );
  const note = new Map(tags).get('mlflow.note.content') ?? '';
  assert.match(note, /^### Does illness help to predict the length of a stay\?/);
  const keys = new Set(history.map(({ key }) => key));
  for (const key of ['best/test/days/mae', 'gain/days', 'trials/finished'])
    assert.ok(keys.has(key), `${key} is missing`);
}

test('a second time, nothing is sent and nothing changes', async () => {
  const folder = copyOf(original);
  proxy.clear();
  assert.equal(await sendUntilThere(folder, 'twice'), 1);
  await assertThere(folder, 'twice');
});

const faults: Readonly<Record<string, FaultAction>> = {
  'answers 500': {
    kind: 'answer',
    status: 500,
    body: '{"error_code":"INTERNAL_ERROR","message":"no"}',
  },
  'answers 429': { kind: 'answer', status: 429, headers: { 'retry-after': '0' } },
  'answers 503 in HTML': { kind: 'answer', status: 503, body: '<html><title>Busy</title></html>' },
  'has no connections left': {
    kind: 'answer',
    status: 400,
    body: '{"error_code":"BAD_REQUEST","message":"QueuePool limit of size 5 overflow 10 reached"}',
  },
  'cuts connections': { kind: 'reset' },
  'does what it is asked and loses its answers': { kind: 'loseAnswer' },
  'breaks its answers off': { kind: 'breakOff', bytes: 5 },
  'is silent': { kind: 'hang' },
};
for (const [name, action] of Object.entries(faults)) {
  test(`a server that ${name} now and then gets everything once`, async (context) => {
    const folder = copyOf(original);
    proxy.clear();
    const count = action.kind === 'hang' ? 3 : 12;
    for (let at = 0; at < count; at++) proxy.plan({ skip: 3 + 7 * at, action });
    const tries = await sendUntilThere(folder, name);
    const met = proxy.requests.filter(({ fault }) => fault !== null).length;
    assert.ok(met > 0, 'no fault was met');
    context.diagnostic(`${met} faults in ${proxy.requests.length} requests, ${tries} tries`);
    await assertThere(folder, name);
  });
}

test('a run whose creation is carried out after it was given up leaves no double', async () => {
  const folder = copyOf(original);
  proxy.clear();
  const action = { kind: 'delay', milliseconds: 2600 } as const;
  proxy.plan({ path: '/runs/create', skip: 3, times: 3, action });
  proxy.plan({ path: '/logged-models', method: 'POST', skip: 2, times: 2, action });
  await sendUntilThere(folder, 'late');
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await sendUntilThere(folder, 'late');
  await assertThere(folder, 'late');
});

test('a server that is away is told of, and gets everything when it is back', async () => {
  const folder = copyOf(original);
  await proxy.down();
  const away = await send(folder, 'away');
  assert.ok(!away.ok);
  assert.match(away.reason, /0 of 6 trials are there.*ECONNREFUSED/);
  await proxy.up();
  await sendUntilThere(folder, 'away');
  await assertThere(folder, 'away');
});

test('a server that is killed in the middle and started again gets everything once', async () => {
  const folder = copyOf(original);
  for (const requests of [20, 60]) {
    proxy.clear();
    const sending = send(folder, 'killed');
    while (proxy.requests.length < requests) {
      const over = await Promise.race([sending.then(() => true), tick()]);
      if (over === true) break;
    }
    await server.kill();
    await sending;
    await server.restart();
  }
  await sendUntilThere(folder, 'killed');
  await assertThere(folder, 'killed');
});

const tick = () => new Promise<false>((resolve) => setTimeout(() => resolve(false), 5));

test('a server that refuses the views gets everything else, and that is said', async () => {
  const folder = copyOf(original);
  proxy.clear();
  const body = '{"error_code":"INVALID_PARAMETER_VALUE","message":"at most 5000 bytes"}';
  const action = { kind: 'answer', status: 400, body } as const;
  proxy.plan({ path: 'set-experiment-tag', times: 99, action });
  const told: string[] = [];
  const sent = await send(folder, 'plain', proxy.uri, (line) => told.push(line));
  assert.ok(sent.ok && sent.progress.isOver);
  assert.match(told.join('\n'), /^MLflow refused the view "small: choices": .*at most 5000 bytes/m);
  assert.equal(told.filter((line) => line.startsWith('MLflow refused')).length, 3);
  assert.deepEqual(await readBack(client, 'plain'), { ...Object(expected), views: [] });
});

test('a server that keeps us waiting is told of before it is given up', async () => {
  const folder = copyOf(original);
  proxy.clear();
  proxy.plan({ action: { kind: 'answer', status: 503 } });
  const told: string[] = [];
  const sent = await send(folder, 'waiting', proxy.uri, (line) => told.push(line));
  assert.ok(sent.ok && sent.progress.isOver);
  assert.match(told.join('\n'), /: 503; trying again$/m);
  assert.equal(told.filter((line) => line.includes('trying again')).length, 1);
});

test('a cursor that is lost costs requests and makes no doubles', async () => {
  const folder = copyOf(original);
  await sendUntilThere(folder, 'lost');
  const target = trackingTarget('small', { uri: proxy.uri, experiment: 'lost' }, {});
  assert.ok(target?.ok);
  rmSync(cursorPath(folder, target.target.cursor));
  proxy.clear();
  await sendUntilThere(folder, 'lost');
  assert.ok(writes().length > 0);
  assert.equal(proxy.requests.filter(({ path }) => path.endsWith('/runs/create')).length, 0);
  await assertThere(folder, 'lost');
});

test('a server that no longer lets us see the run is searched for what is ours', async () => {
  const folder = copyOf(original);
  await sendUntilThere(folder, 'unseen');
  const target = trackingTarget('small', { uri: proxy.uri, experiment: 'unseen' }, {});
  assert.ok(target?.ok);
  // As after a sync that was killed before its last mark.
  appendFileSync(cursorPath(folder, target.target.cursor), '[0,"isClean",false]\n');
  proxy.clear();
  const action = { kind: 'answer', status: 403, body: 'Permission denied' } as const;
  proxy.plan({ path: '/runs/get', action });
  await sendUntilThere(folder, 'unseen', 1);
  assert.equal(proxy.requests.filter(({ path }) => path.endsWith('/runs/create')).length, 0);
  await assertThere(folder, 'unseen');
});

test('a run that somebody deleted there is left deleted, and that is said', async () => {
  const folder = copyOf(original);
  await sendUntilThere(folder, 'deleted');
  const target = trackingTarget('small', { uri: proxy.uri, experiment: 'deleted' }, {});
  assert.ok(target?.ok);
  const found = await client.experiments.getByName('deleted');
  const filter = "tags.training = 'sweep'";
  for await (const { info } of client.runs.search({
    experimentIds: [found?.experimentId ?? ''],
    filter,
  }))
    await client.runs.delete(info.runId);
  rmSync(join(folder, 'journal.jsonl'));
  cpSync(join(original, 'journal.jsonl'), join(folder, 'journal.jsonl'));
  appendFileSync(
    join(folder, 'journal.jsonl'),
    `${JSON.stringify({ type: 'note', time: '2027-01-01T00:00:00Z', text: 'x' })}\n`,
  );
  const sent = await send(folder, 'deleted');
  assert.ok(!sent.ok);
  assert.match(sent.reason, /was deleted there: restore it there/);
});
