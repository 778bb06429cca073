import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readJournal } from '../../src/record/journal.ts';
import { run, smallExperiment, smallSpec, start } from '../end-to-end/small-experiment.ts';
import { soon, workersOf } from '../torture/processes.ts';

const journalOf = (folder: string) => readJournal(join(folder, 'runs/small/journal.jsonl'));

test('a trial that loses its worker is tried again at once; a set number of times, then it is set aside', async () => {
  const spec = smallSpec.replace('epochs: 6', 'epochs: 1500').replace(/sweep:[\s\S]*/, '');
  const folder = smallExperiment(spec);
  const { child, finished } = start(folder, [
    'small.yaml',
    '--json',
    '--jobs',
    '1',
    'execution.retries=1',
  ]);
  const starts = () => journalOf(folder).filter(({ type }) => type === 'start').length;
  for (const attempt of [1, 2]) {
    await soon(() => starts() === attempt);
    for (const pid of workersOf(child.pid)) process.kill(pid, 'SIGKILL');
  }
  const { status, stdout } = await finished;
  assert.equal(status, 1);
  const fails = journalOf(folder).flatMap((record) => (record.type === 'fail' ? [record] : []));
  assert.deepEqual(
    fails.map(({ attempt, isRetried }) => [attempt, isRetried]),
    [
      [1, true],
      [2, false],
    ],
  );
  const [trial] = JSON.parse(stdout).trials;
  assert.equal(trial.status, 'failed');
  assert.match(trial.reason, /killed/);
});

test('what fails by itself is not tried again, and failFast stops the others', async () => {
  const spec = smallSpec
    .replace('epochs: 6', 'epochs: 20000')
    .replace('[0.003, 0.03]', '[1.0e+30, 0.003, 0.03]')
    .replace('adam: {', 'sgd: {')
    .replace('training.optimizer.adam', 'training.optimizer.sgd');
  const folder = smallExperiment(spec);
  const { status, stdout, stderr } = await run(
    folder,
    'small.yaml',
    '--json',
    'execution.failFast=true',
  );
  assert.equal(status, 1, stderr);
  assert.match(stderr, /trial \d+ has failed for good, so all others stop \(execution\.failFast\)/);
  const { trials } = JSON.parse(stdout);
  const count = (wanted: string) =>
    trials.filter((trial: { status: string }) => trial.status === wanted).length;
  assert.ok(count('failed') >= 1);
  assert.equal(count('finished'), 0);
  const fails = journalOf(folder).flatMap((record) => (record.type === 'fail' ? [record] : []));
  assert.ok(fails.every(({ attempt, isRetried }) => attempt === 1 && !isRetried));
});
