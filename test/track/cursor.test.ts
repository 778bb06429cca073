import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openCursor, readCursor } from '../../src/track/cursor.ts';

const path = () => join(mkdtempSync(join(tmpdir(), 'cursor-')), 'mlflow', 'server.jsonl');

test('marks are there when the cursor is opened again, the last one counts', () => {
  const file = path();
  {
    using cursor = openCursor(file);
    cursor.set(1, 'run', 'aaa');
    cursor.set(1, 'points', 10);
    cursor.set(1, 'points', 20);
    cursor.set(2, 'run', 'bbb');
  }
  using cursor = openCursor(file);
  assert.equal(cursor.get(1, 'points'), 20);
  assert.equal(cursor.get(3, 'run'), undefined);
  assert.deepEqual(
    readCursor(file, 'run'),
    new Map([
      [1, 'aaa'],
      [2, 'bbb'],
    ]),
  );
});

test('a mark that is there already writes nothing', () => {
  const file = path();
  using cursor = openCursor(file);
  cursor.set(1, 'status', 'finished');
  const before = readFileSync(file, 'utf8');
  cursor.set(1, 'status', 'finished');
  assert.equal(readFileSync(file, 'utf8'), before);
});

test('a cursor torn at any byte keeps its whole lines and takes new ones', () => {
  const file = path();
  {
    using cursor = openCursor(file);
    for (const number of [1, 2, 3]) cursor.set(number, 'points', number);
  }
  const whole = readFileSync(file);
  for (let length = 0; length <= whole.length; length++) {
    writeFileSync(file, whole.subarray(0, length));
    {
      using cursor = openCursor(file);
      cursor.set(9, 'points', 9);
    }
    const kept = whole.subarray(0, length).filter((byte) => byte === 0x0a).length;
    const expected = [1, 2, 3].slice(0, kept).map((number) => [number, number] as const);
    assert.deepEqual([...readCursor(file, 'points')], [...expected, [9, 9]]);
  }
});

test('lines that are no marks are passed over', () => {
  const file = path();
  {
    using cursor = openCursor(file);
    cursor.set(1, 'run', 'aaa');
  }
  appendFileSync(file, 'nonsense\n{"a":1}\n[1,2]\n["1","run","x"]\n');
  assert.deepEqual([...readCursor(file, 'run')], [[1, 'aaa']]);
});

test('a cleared cursor knows nothing, also when it is opened again', () => {
  const file = path();
  {
    using cursor = openCursor(file);
    cursor.set(1, 'run', 'aaa');
    cursor.clear();
    assert.equal(cursor.get(1, 'run'), undefined);
    cursor.set(2, 'run', 'bbb');
  }
  assert.deepEqual([...readCursor(file, 'run')], [[2, 'bbb']]);
});
