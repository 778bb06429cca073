import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { takeLock } from '../../src/engine/process-lock.ts';

const contender = join(import.meta.dirname ?? '', 'lock-contender.ts');
const folder = () => mkdtempSync(join(tmpdir(), 'lock-'));
const start = (place: string, rounds: number) =>
  promisify(execFile)(process.execPath, ['--import', 'tsx', contender, place, String(rounds)]);

test('of four processes that fight for a lock, and leave it behind dead, one has it at a time', async () => {
  const place = folder();
  const outputs = await Promise.all([1, 2, 3, 4].map(() => start(place, 200)));
  assert.deepEqual(
    outputs.map(({ stdout }) => stdout),
    ['200', '200', '200', '200'],
  );
  assert.deepEqual(
    readdirSync(place).filter((name) => name !== 'lock'),
    [],
  );
});

test('a lock that the power cut left empty, and a takeover that died midway, are taken over', () => {
  const path = join(folder(), 'lock');
  writeFileSync(path, '');
  writeFileSync(`${path}.takeover`, '4194303 1'); // above every process number in use
  const lock = takeLock(path);
  assert.ok(lock.ok);
  assert.deepEqual(takeLock(path), { ok: false, holder: process.pid });
  lock.release();
  assert.equal(existsSync(path), false);
});

test('while another process takes a dead lock over, that process is named as the holder', () => {
  const path = join(folder(), 'lock');
  writeFileSync(path, '4194303 1');
  const guard = takeLock(`${path}.takeover`);
  assert.ok(guard.ok);
  assert.deepEqual(takeLock(path), { ok: false, holder: process.pid });
  guard.release();
  assert.ok(takeLock(path).ok);
});
