import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { diagnose, engineEnvironment, prepareEngine } from '../../src/engine/index.ts';
import { loadInChild } from '../../src/engine/load-in-child.ts';
import { takeLock } from '../../src/engine/process-lock.ts';

const module = new URL('../../src/engine/index.ts', import.meta.url).href;
const script = `
  const { prepareEngine } = await import(${JSON.stringify(module)});
  const prepared = await prepareEngine('native', (line) => console.error(line));
  console.log(JSON.stringify(prepared));
`;

/** Prepares native TensorFlow in a process of its own, in a cache of its own. */
function prepareIn(cache: string) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    {
      env: { ...process.env, RUN_EXPERIMENT_CACHE: cache },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<{ stdout: string; stderr: string }>((done) => {
    child.on('close', () => done({ stdout, stderr }));
  });
  return { child, ended, said: () => stderr };
}

test('killed halfway and then asked twice at once, TensorFlow is set up once and whole', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'cache-'));
  try {
    const first = prepareIn(cache);
    while (!first.said().includes('setting up') && first.child.exitCode === null) {
      await new Promise((wait) => setTimeout(wait, 20));
    }
    await new Promise((wait) => setTimeout(wait, 700));
    first.child.kill('SIGKILL');
    await first.ended;
    const both = await Promise.all([prepareIn(cache).ended, prepareIn(cache).ended]);
    const [one, other] = both.map(({ stdout, stderr }) => ({
      prepared: JSON.parse(stdout),
      stderr,
    }));
    assert.equal(one?.prepared.ok, true, one?.stderr);
    assert.deepEqual(other?.prepared, one?.prepared);
    const texts = both.map(({ stderr }) => stderr);
    assert.equal(
      texts.filter((text) => text.includes('setting up')).length,
      1,
      'one of them builds',
    );
    assert.equal(
      texts.filter((text) => text.includes('waiting for process')).length,
      1,
      'the other waits',
    );
    assert.equal(
      texts.some((text) => /fetching TensorFlow .* of 274 MB|fetching TensorFlow/.test(text)),
      true,
    );
    assert.deepEqual(
      readdirSync(cache).filter((name) => /staging|lock/.test(name)),
      [],
      'nothing is left over',
    );
    assert.deepEqual(await loadInChild(one?.prepared.plan), { ok: true });
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
});

test('without a compiler wasm takes over, says why in one line, and nothing is downloaded', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'cache-'));
  const before = { ...process.env };
  Object.assign(process.env, { RUN_EXPERIMENT_CACHE: cache, CXX: '/nowhere/c++' });
  try {
    const prepared = await prepareEngine('auto', () => {});
    assert.ok(prepared.ok);
    assert.equal(prepared.plan.name, 'wasm');
    assert.match(prepared.plan.note ?? '', /a C\+\+ compiler is missing.*run-experiment doctor/);
    assert.equal(prepared.plan.note?.includes('\n'), false);
    assert.deepEqual(await prepareEngine('native', () => {}), {
      ok: false,
      reason: 'a C++ compiler is missing',
    });
    assert.deepEqual(readdirSync(cache), []);
    const checks = await diagnose();
    const compiler = checks.find(({ name }) => name === 'C++ compiler');
    assert.equal(compiler?.ok, false);
    assert.match(compiler?.remedy ?? '', /apt install g\+\+/);
    assert.match(checks.at(-1)?.detail ?? '', /wasm/);
  } finally {
    for (const name of ['RUN_EXPERIMENT_CACHE', 'CXX']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    rmSync(cache, { recursive: true, force: true });
  }
});

test('both engines load in processes of their own and compute', async () => {
  for (const name of ['native', 'wasm'] as const) {
    const prepared = await prepareEngine(name, () => {});
    assert.ok(prepared.ok, prepared.ok ? '' : prepared.reason);
    assert.deepEqual(await loadInChild(prepared.plan), { ok: true });
  }
});

test('native TensorFlow runs with one thread and keeps quiet', async () => {
  const plan = { name: 'native', family: '', addon: '/x', programs: null, note: null } as const;
  const environment = engineEnvironment(plan);
  assert.equal(environment.TF_NUM_INTRAOP_THREADS, '1');
  assert.equal(environment.TF_CPP_MIN_LOG_LEVEL, '3');
  assert.deepEqual(engineEnvironment({ ...plan, name: 'wasm' }), {});
});

test('a lock is free again after its release and after its holder’s death', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'lock-')), 'lock');
  const lock = takeLock(path);
  assert.ok(lock.ok);
  assert.deepEqual(takeLock(path), { ok: false, holder: process.pid });
  lock.release();
  assert.equal(existsSync(path), false);
  writeFileSync(path, `${process.pid} 1`); // this process's number, but another one's start
  const again = takeLock(path);
  assert.ok(again.ok);
  again.release();
});
