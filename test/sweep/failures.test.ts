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

test('a lost worker takes one trial with it, which is trained once more and no other', async () => {
  const spec = smallSpec.replace('epochs: 6', 'epochs: 300');
  const folder = smallExperiment(spec);
  const { child, finished } = start(folder, ['small.yaml', '--json', '--jobs', '2']);
  await soon(() => journalOf(folder).filter(({ type }) => type === 'finish').length >= 2);
  for (const pid of workersOf(child.pid)) process.kill(pid, 'SIGKILL');
  const { status, stdout, stderr } = await finished;
  assert.equal(status, 0, stderr);
  const records = journalOf(folder);
  const fails = records.filter(({ type }) => type === 'fail').length;
  assert.ok(fails >= 1 && fails <= 4, `${fails} failures of two workers`);
  const starts = records.filter(({ type }) => type === 'start').length;
  const finishes = records.flatMap((record) => (record.type === 'finish' ? [record.number] : []));
  assert.equal(finishes.length, JSON.parse(stdout).trials.length, 'every trial finished');
  assert.equal(new Set(finishes).size, finishes.length, 'and none twice');
  assert.ok(starts <= finishes.length + 2, `${starts} starts of ${finishes.length} trials`);
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
