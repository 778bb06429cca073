import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { takeLock } from '../../src/engine/index.ts';
import { createMlflowClient } from '../../src/mlflow-client-ts/index.ts';
import { cursorPath } from '../../src/track/cursor-path.ts';
import { findOrStartServer, serverFolder } from '../../src/track/server/one-server.ts';
import { isHealthy } from '../../src/track/server/serve.ts';
import { localTarget } from '../../src/track/target.ts';
import { assertGone } from './server-processes.ts';
import { startScript } from './server-script.ts';

const freshRuns = () => mkdtempSync(join(tmpdir(), 'runs-'));
const filesOf = (runs: string) => ({
  lock: join(serverFolder(runs), 'lock'),
  address: join(serverFolder(runs), 'server.json'),
});
const module = new URL('../../src/track/server/one-server.ts', import.meta.url).href;

/** Finds or starts one, says which in a line, and keeps its own until it is killed. */
const script = (runs: string) => `
  import { findOrStartServer } from '${module}';
  const found = await findOrStartServer(${JSON.stringify(runs)}, (line) => console.error(line));
  console.log(JSON.stringify(found));
`;

test('of two that start at once, one serves and the other finds it; the next takes over what it left', async () => {
  const runs = freshRuns();
  const run = join(runs, 'small');
  const cursor = cursorPath(run, localTarget('small', '').cursor);
  mkdirSync(join(run, 'mlflow'), { recursive: true });
  writeFileSync(join(run, 'journal.jsonl'), '');
  writeFileSync(cursor, '');
  const both = [startScript(script(runs)), startScript(script(runs))];
  const answers = await Promise.all(
    both.map(async (started) => ({ ...started, found: JSON.parse(await started.firstLine) })),
  );
  const first = answers.find(({ found }) => found.holder === null);
  const second = answers.find(({ found }) => found.holder !== null);
  assert.ok(first && second);
  assert.equal(second.found.url, first.found.url);
  assert.equal(second.found.holder, first.child.pid);
  await second.ended;
  assert.equal(await isHealthy(first.found.url), true, 'who found it leaves it alone');

  assert.ok(!existsSync(cursor), 'what a database that is gone was sent is to be sent again');
  writeFileSync(cursor, '');
  const client = createMlflowClient({ uri: first.found.url, env: {} });
  await client.experiments.create('kept');
  await client.close();
  const state = JSON.parse(readFileSync(filesOf(runs).address, 'utf8'));
  first.child.kill('SIGKILL');
  await assertGone(state.pid);

  const third = await findOrStartServer(runs, () => {});
  assert.ok(third.ok);
  assert.equal(third.holder, null);
  const again = createMlflowClient({ uri: third.url, env: {} });
  assert.ok(await again.experiments.getByName('kept'));
  await again.close();
  assert.ok(existsSync(cursor), 'what this database was sent is there');
  await third.stop();
  assert.equal(await isHealthy(third.url), false);
  const { lock, address } = filesOf(runs);
  assert.ok(!existsSync(lock) && !existsSync(address), 'it leaves nothing that says it is there');
});

test('the address that a dead process left is not taken for that of the one that is starting', async () => {
  const runs = freshRuns();
  const other = createServer((_, answer) => answer.end('OK')).listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo; // It listens on a port.
  const stop = new AbortController();
  const said: string[] = [];
  try {
    // Makes the folder, and is interrupted before it starts anything.
    stop.abort();
    await findOrStartServer(runs, () => {}, stop.signal);
    const lock = takeLock(filesOf(runs).lock);
    assert.ok(lock.ok);
    const left = { url: `http://127.0.0.1:${port}`, pid: 1, holder: 1 };
    writeFileSync(filesOf(runs).address, JSON.stringify(left));
    const waiting = new AbortController();
    const found = findOrStartServer(
      runs,
      (line) => {
        said.push(line);
        setTimeout(() => waiting.abort(), 500);
      },
      waiting.signal,
    );
    assert.deepEqual(await found, {
      ok: false,
      reason: 'interrupted while another process starts MLflow',
    });
    assert.deepEqual(said, [`waiting for the server that process ${process.pid} is starting`]);
    lock.release();
  } finally {
    other.close();
  }
});

test('a folder that cannot be made is a reason', async () => {
  const file = join(freshRuns(), 'file');
  writeFileSync(file, '');
  const found = await findOrStartServer(join(file, 'runs'), () => {});
  assert.ok(!found.ok);
  assert.match(found.reason, /\.mlflow cannot be written: ENOTDIR/);
});
