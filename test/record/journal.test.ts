import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openJournal, readJournal } from '../../src/record/journal.ts';
import type { JournalRecord } from '../../src/record/journal-record.ts';
import { lockRun, runPaths } from '../../src/record/run-folder.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'journal-'));
const record = (number: number, value: number): JournalRecord => ({
  type: 'epoch',
  time: '2026-01-01T00:00:00.000Z',
  number,
  epoch: 1,
  metrics: { 'validation/stay/mae': value },
  seconds: 1,
});

test('what was appended is read back, also NaN and infinities', () => {
  const path = join(folder(), 'journal.jsonl');
  const records = [record(1, 0.5), record(2, Number.NaN), record(3, Number.POSITIVE_INFINITY)];
  {
    using journal = openJournal(path);
    for (const each of records) journal.append(each);
  }
  assert.deepEqual(readJournal(path), records);
});

test('a journal torn at any byte keeps its whole lines and takes new ones', () => {
  const path = join(folder(), 'journal.jsonl');
  {
    using journal = openJournal(path);
    for (let number = 1; number <= 3; number++) journal.append(record(number, number));
  }
  const whole = readFileSync(path);
  const lineEnds = [...whole.keys()].filter((index) => whole[index] === 0x0a);
  for (let length = 0; length <= whole.length; length++) {
    writeFileSync(path, whole);
    truncateSync(path, length);
    const kept = lineEnds.filter((end) => end < length).length;
    assert.equal(readJournal(path).length, kept);
    {
      using journal = openJournal(path);
      assert.equal(journal.records.length, kept);
      journal.append(record(9, 9));
    }
    assert.deepEqual(readJournal(path).at(-1), record(9, 9));
    assert.equal(readJournal(path).length, kept + 1);
  }
});

test('an unreadable line in the middle costs that line only', () => {
  const path = join(folder(), 'journal.jsonl');
  {
    using journal = openJournal(path);
    journal.append(record(1, 1));
  }
  appendFileSync(path, '{"type":"epo\n\u0000\u0000\n');
  {
    using journal = openJournal(path);
    journal.append(record(2, 2));
  }
  assert.deepEqual(
    readJournal(path).map((each) => each.type === 'epoch' && each.number),
    [1, 2],
  );
});

test('a run is held by one living process at a time, and a dead one’s lock is taken over', () => {
  const run = folder();
  const first = lockRun(run);
  assert.ok(first.ok);
  assert.deepEqual(lockRun(run), { ok: false, holder: process.pid });
  first.release();
  writeFileSync(runPaths(run).lock, '4194303 1'); // above every process number in use
  const second = lockRun(run);
  assert.ok(second.ok);
  second.release();
});
