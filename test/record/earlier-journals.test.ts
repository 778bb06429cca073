import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openJournal, readJournal, runState } from '../../src/record/index.ts';
import { renderHtml } from '../../src/report/html.ts';
import { readRun, renderTable, resultsJson } from '../../src/report/index.ts';
import { createRunModel } from '../../src/track/run-model.ts';

/**
 * Written by the releases themselves, in three executions of `smallSpec`: as it is; with two
 * learning rates of which one diverges; and one slow trial, interrupted.
 */
const folder = join(import.meta.dirname ?? '', '../fixtures/journals');
const releases = ['0.1', '0.2', '0.3'];
const pathOf = (release: string) => join(folder, `${release}.jsonl`);

/** `UPDATE_SNAPSHOTS=1 npm test -- earlier` writes them anew: read the difference before you commit it. */
function matches(name: string, text: string): void {
  const path = join(folder, name);
  if (process.env.UPDATE_SNAPSHOTS || !existsSync(path)) {
    assert.ok(!process.env.CI, `${path} is missing`);
    writeFileSync(path, text);
  }
  assert.equal(text, readFileSync(path, 'utf8'));
}

for (const release of releases) {
  const records = readJournal(pathOf(release));
  const all = readRun(records, { execution: 'all' });

  test(`every line of a journal of ${release} is read`, () => {
    const lines = readFileSync(pathOf(release), 'utf8').trimEnd().split('\n');
    assert.equal(records.length, lines.length);
    const [execution] = records;
    assert.ok(execution?.type === 'execution');
    assert.equal(execution.environment.version, `${release}.0`);
  });

  test(`the results of a journal of ${release} are what they were`, () => {
    const { trials } = resultsJson(all);
    const rows = trials.map(({ number, id, status, epochs, bestEpoch, metrics }) =>
      JSON.stringify({ number, id, status, epochs, bestEpoch, metrics }),
    );
    const table = renderTable(all, { width: 160, color: false });
    matches(`${release}.txt`, `${table}\n\n${rows.join('\n')}\n`);
  });

  test(`the state of a journal of ${release} is read: 12 trials are done, 15 have numbers`, () => {
    const state = runState(records);
    assert.deepEqual(
      [...state.finished].sort((one, other) => one - other),
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
    assert.equal(state.numbers.size, 15);
    assert.equal(state.nextNumber, 16);
    assert.equal(state.nextExecution, 4);
  });

  test(`the page and MLflow’s view are made of a journal of ${release}`, () => {
    assert.match(renderHtml(all), /<html/);
    assert.match(renderHtml(readRun(records)), /<html/);
    const model = createRunModel();
    for (const record of records) model.add(record);
    const statuses = [...model.trials.values()].map(({ status }) => status);
    assert.deepEqual(statuses, [...Array(12).fill('finished'), 'failed', 'failed', 'interrupted']);
  });

  test(`a journal of ${release} is opened for writing without a byte lost`, () => {
    const copy = join(mkdtempSync(join(tmpdir(), 'earlier-')), 'journal.jsonl');
    copyFileSync(pathOf(release), copy);
    {
      using journal = openJournal(copy);
      assert.equal(journal.records.length, records.length);
    }
    assert.deepEqual(readFileSync(copy), readFileSync(pathOf(release)));
  });
}
