import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runProgram } from '../../src/engine/index.ts';
import { mlflowVersion } from '../../src/track/server/constraints.ts';
import { prepareMlflow } from '../../src/track/server/environment.ts';
import { isHealthy, type RunningServer, startMlflow } from '../../src/track/server/serve.ts';
import { assertGone, processesOf, serversOf } from './server-processes.ts';
import { startScript } from './server-script.ts';

let python: string;
const running: RunningServer[] = [];
before(async () => {
  const prepared = await prepareMlflow((line) => process.stderr.write(`${line}\n`));
  if (!prepared.ok) throw new Error(prepared.reason);
  ({ python } = prepared);
});
after(() => Promise.all(running.map((server) => server.stop())));

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
const freshFolder = () => mkdtempSync(join(tmpdir(), 'server-'));

async function start(options: Partial<Parameters<typeof startMlflow>[0]> = {}) {
  const started = await startMlflow({ python, folder: freshFolder(), ...options });
  if (!started.ok) throw new Error(started.reason);
  running.push(started);
  return started;
}

async function reasonFor(options: Partial<Parameters<typeof startMlflow>[0]>): Promise<string> {
  const started = await startMlflow({ python, folder: freshFolder(), ...options });
  if (!started.ok) return started.reason;
  await started.stop();
  return 'none: it started';
}

/** The status of a request that changes nothing; `fetch` would not send such headers. */
function statusOf(url: string, headers: Record<string, string>): Promise<number | undefined> {
  const options = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/api/2.0/mlflow/experiments/search`, options, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.once('error', reject);
    sent.end('{"max_results": 1}');
  });
}

test('a server is one process that answers on this machine only, and stops without a trace', async () => {
  const server = await start();
  assert.equal(server.version, mlflowVersion);
  assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal(processesOf(server.pid).length, 1);
  assert.equal(await statusOf(server.url, {}), 200);
  // Its guards against pages of other web sites are on.
  assert.equal(await statusOf(server.url, { host: 'mlflow.example' }), 403);
  assert.equal(await statusOf(server.url, { origin: 'http://mlflow.example' }), 403);
  await server.stop();
  await server.stop();
  await assertGone(server.pid);
  assert.equal(await isHealthy(server.url), false);
});

const script = (folder: string) => `
  import { startMlflow } from '${new URL('../../src/track/server/serve.ts', import.meta.url).href}';
  const started = await startMlflow(${JSON.stringify({ python, folder })});
  console.log(JSON.stringify(started));
`;

test('a starter that is killed takes its server with it', async () => {
  const { child, firstLine } = startScript(script(freshFolder()));
  const { ok, pid, url } = JSON.parse(await firstLine);
  assert.equal(ok, true);
  assert.equal(await isHealthy(url), true);
  child.kill('SIGKILL');
  await assertGone(pid);
  assert.equal(await isHealthy(url), false);
});

test('a starter that is killed while the server starts takes it with it, and the next one starts', async () => {
  const folder = freshFolder();
  const { child, tick } = startScript(script(folder));
  // MLflow fills its database early, and listens late: here it has just begun.
  while (!sizeOf(join(folder, 'mlflow.db'))) await tick();
  const [pid] = serversOf(child.pid ?? 0);
  assert.ok(pid);
  child.kill('SIGKILL');
  await assertGone(pid);
  const next = await start({ folder });
  assert.equal(await statusOf(next.url, {}), 200);
  await next.stop();
});

test('a database that was half filled when its server was killed is made anew', async () => {
  const folder = freshFolder();
  writeFileSync(join(folder, 'mlflow.db.unfinished'), '');
  const half =
    'import sqlite3; sqlite3.connect("mlflow.db").execute("CREATE TABLE experiments (a)")';
  const made = await runProgram(python, [
    '-c',
    `import os; os.chdir(${JSON.stringify(folder)}); ${half}`,
  ]);
  assert.equal(made.status, 0, made.stderr);
  const server = await start({ folder });
  assert.equal(await statusOf(server.url, {}), 200);
  await server.stop();
  assert.equal(sizeOf(join(folder, 'mlflow.db')) > 100_000, true);
  const again = await start({ folder });
  assert.equal(await statusOf(again.url, {}), 200);
  await again.stop();
});

test("neither signs in the path nor the user's variables and modules lead it elsewhere", async () => {
  const folder = join(freshFolder(), 'a b%20c#d?é');
  const trap = freshFolder();
  for (const name of ['uvicorn.py', 'mlflow.py', 'click.py'])
    writeFileSync(join(trap, name), 'raise SystemExit("the wrong module")');
  const variables = {
    ...{ MLFLOW_BACKEND_STORE_URI: 'sqlite:////nowhere/other.db', MLFLOW_WORKERS: '3' },
    ...{ MLFLOW_TRACKING_URI: 'http://127.0.0.1:1', _MLFLOW_STATIC_PREFIX: '/elsewhere' },
    ...{ UVICORN_ROOT_PATH: '/elsewhere', UVICORN_PORT: '1', PYTHONPATH: trap },
  };
  const [before, home] = [{ ...process.env }, process.cwd()];
  Object.assign(process.env, variables);
  process.chdir(trap);
  try {
    const server = await start({ folder });
    assert.equal(await statusOf(server.url, {}), 200);
    assert.ok(sizeOf(join(folder, 'mlflow.db')));
    await server.stop();
  } finally {
    process.env = before;
    process.chdir(home);
  }
});

test('where somebody else was faster with the port, another one is taken', async () => {
  // It looks healthy, and yet it is not the one that was started.
  const other = createServer((_, answer) => answer.end('OK')).listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo; // It listens on a port.
  try {
    let asked = 0;
    const choosePort = async () => port + asked++;
    const server = await start({ choosePort });
    assert.equal(server.url, `http://127.0.0.1:${port + 1}`);
    await server.stop();
  } finally {
    other.close();
  }
});

test('a database of another MLflow, or a damaged one, is told of with what to do', async () => {
  const folder = freshFolder();
  const first = await start({ folder });
  await first.stop();
  const sql = "UPDATE alembic_version SET version_num = 'fedcba987654'";
  const code = `import sqlite3; d = sqlite3.connect('mlflow.db'); d.execute("${sql}"); d.commit()`;
  const changed = await runProgram(python, [
    '-c',
    `import os; os.chdir(${JSON.stringify(folder)}); ${code}`,
  ]);
  assert.equal(changed.status, 0, changed.stderr);
  assert.match(await reasonFor({ folder }), /written by another version of MLflow.*move .* away/);
  const damaged = freshFolder();
  writeFileSync(
    join(damaged, 'mlflow.db'),
    'no database at all, but long enough to be looked at'.repeat(40),
  );
  assert.match(await reasonFor({ folder: damaged }), /its database is damaged.*move .* away/);
});

test('a database that cannot be written, and a Python without MLflow, are told of', async () => {
  const folder = freshFolder();
  mkdirSync(join(folder, 'mlflow.db'));
  assert.match(await reasonFor({ folder }), /cannot be written: EISDIR/);
  const bare = await reasonFor({ python: '/nowhere/python' });
  assert.match(bare, /did not start: .*it said nothing/);
});

test('a start that is interrupted leaves no process', async () => {
  const stop = new AbortController();
  const folder = freshFolder();
  const starting = startMlflow({ python, folder, signal: stop.signal });
  setTimeout(() => stop.abort(), 500);
  assert.deepEqual(await starting, { ok: false, reason: 'interrupted while MLflow started' });
  assert.deepEqual(serversOf(process.pid), []);
});
