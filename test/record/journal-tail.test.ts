import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { encodeRecord } from '../../src/record/journal.ts';
import { createJournalTail } from '../../src/record/journal-tail.ts';

const path = () => join(mkdtempSync(join(tmpdir(), 'tail-')), 'journal.jsonl');
const note = (text: string) => ({ type: 'note' as const, time: '2026-01-01T00:00:00Z', text });
const line = (text: string) => `${encodeRecord(note(text))}\n`;

test('each record comes once, when its line is whole', () => {
  const file = path();
  const tail = createJournalTail(file);
  assert.deepEqual([...tail.read()], []);
  assert.equal(tail.firstLine, null);
  writeFileSync(file, line('one') + line('two').slice(0, 10));
  assert.deepEqual([...tail.read()], [note('one')]);
  assert.deepEqual([...tail.read()], []);
  appendFileSync(file, line('two').slice(10) + line('three ä'));
  assert.deepEqual([...tail.read()], [note('two'), note('three ä')]);
  assert.equal(tail.firstLine, line('one').trim());
});

test('a torn last line that is cut off and written anew is read as it is then', () => {
  const file = path();
  const tail = createJournalTail(file);
  writeFileSync(file, `${line('one')}{"type":"note","ti`);
  assert.deepEqual([...tail.read()], [note('one')]);
  truncateSync(file, Buffer.byteLength(line('one')));
  appendFileSync(file, line('two'));
  assert.deepEqual([...tail.read()], [note('two')]);
});
