import assert from 'node:assert/strict';
import { mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileTrouble } from '../../src/cli/file-trouble.ts';
import { withPath, writeAll } from '../../src/record/write-all.ts';

/** `/dev/full` refuses every byte, as a disk without room does. */
test('a full disk is told in one line: which file, what is wrong, what to do', {
  skip: process.platform === 'linux' ? false : 'only Linux has /dev/full',
}, () => {
  const file = openSync('/dev/full', 'w');
  const written = () => {
    try {
      writeAll(file, Buffer.from('record'));
    } catch (error) {
      return fileTrouble(withPath(error, 'runs/small/journal.jsonl'));
    }
  };
  assert.equal(
    written(),
    'runs/small/journal.jsonl: the disk is full (ENOSPC); nothing that was recorded is lost: make room, and the same command goes on from there',
  );
});

test('defects are no trouble of the disk', () => {
  assert.equal(fileTrouble(new Error('internal: a split is missing')), undefined);
  assert.equal(fileTrouble('text'), undefined);
  const path = join(mkdtempSync(join(tmpdir(), 'none-')), 'none');
  assert.throws(
    () => readFileSync(path),
    (error) => fileTrouble(error) === undefined,
  );
});
