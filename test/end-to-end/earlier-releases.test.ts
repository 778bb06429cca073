import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readJournal } from '../../src/record/index.ts';
import { run, smallExperiment, smallSpec } from './small-experiment.ts';

const fixtures = join(import.meta.dirname ?? '', '../fixtures/journals');
/** The spec of the fixtures' trial 15, which was interrupted. */
const interruptedSpec = smallSpec
  .replace('[0.003, 0.03]', '[0.03]')
  .replace('batchSize: 32', 'batchSize: 2')
  .replace('epochs: 6', 'epochs: 60')
  .replace('replicates: 2', 'replicates: 1')
  .replace('baselines: singleTask', 'baselines: none');

/** A folder in which a run of that release lies, and the path of its journal. */
function runOf(release: string, spec: string) {
  const folder = smallExperiment(spec);
  const place = join(folder, 'runs/small');
  mkdirSync(join(place, 'trials/15'), { recursive: true });
  const journal = join(place, 'journal.jsonl');
  copyFileSync(join(fixtures, `${release}.jsonl`), journal);
  return { folder, journal, checkpoint: join(place, 'trials/15/checkpoint.bin') };
}

const finishesOf = (journal: string) =>
  readJournal(journal).flatMap((each) => (each.type === 'finish' ? [each.number] : []));

for (const release of ['0.2', '0.3']) {
  test(`a run of ${release} goes on: what it finished is not trained again`, async () => {
    const { folder, journal } = runOf(release, smallSpec);
    const { status, stdout, stderr } = await run(folder, 'small.yaml', '--json');
    assert.equal(status, 0, stderr);
    assert.match(stderr, /every trial is done already/);
    assert.deepEqual(finishesOf(journal).length, 12);
    assert.equal(JSON.parse(stdout).trials.length, 12);
  });
}

test('a trial that 0.2 or 0.3 interrupted goes on from its checkpoint, to the numbers of one that never was', async () => {
  const metricsOf = (stdout: string) => JSON.parse(stdout).trials[0].metrics;
  const fresh = await run(smallExperiment(interruptedSpec), 'small.yaml', '--json');
  for (const release of ['0.2', '0.3']) {
    const { folder, journal, checkpoint } = runOf(release, interruptedSpec);
    copyFileSync(join(fixtures, `${release}.checkpoint.bin`), checkpoint);
    const resumed = await run(folder, 'small.yaml', '--json');
    assert.equal(resumed.status, 0, resumed.stderr);
    const start = readJournal(journal).findLast(({ type }) => type === 'start');
    assert.ok(start?.type === 'start');
    assert.equal(start.number, 15);
    assert.equal(start.fromEpoch, 2);
    assert.deepEqual(metricsOf(resumed.stdout), metricsOf(fresh.stdout));
  }
});

test('a run of 0.1, whose numbers were others, keeps its trials and counts on', async () => {
  const { folder, journal } = runOf('0.1', smallSpec);
  const before = readFileSync(journal, 'utf8');
  const { status, stderr } = await run(folder, 'small.yaml', '--json');
  assert.equal(status, 0, stderr);
  assert.ok(readFileSync(journal, 'utf8').startsWith(before));
  const numbers = finishesOf(journal).slice(12);
  assert.deepEqual(
    [...numbers].sort((one, other) => one - other),
    Array.from({ length: 12 }, (_, index) => 16 + index),
  );
});

test('gc takes the checkpoint of a trial that finished, keeps an open one’s, and tells what the run costs', async () => {
  const { folder, checkpoint } = runOf('0.3', smallSpec);
  copyFileSync(join(fixtures, '0.3.checkpoint.bin'), checkpoint);
  const finished = join(folder, 'runs/small/trials/1/checkpoint.bin');
  mkdirSync(join(finished, '..'));
  writeFileSync(finished, Buffer.alloc(5000));
  const dry = await run(folder, 'gc', '--dry-run');
  assert.equal(dry.status, 0, dry.stderr);
  assert.equal(
    dry.stdout,
    [
      'small: 54.3 kB',
      '  journal           45.8 kB',
      '  checkpoints        8.5 kB',
      '  would free 5 kB: checkpoint of a finished trial',
      '',
    ].join('\n'),
  );
  const { stdout } = await run(folder, 'gc', 'small', '--json');
  const [cleaned] = JSON.parse(stdout).runs;
  assert.equal(cleaned.freed, 5000);
  assert.deepEqual(
    cleaned.leftovers.map(({ path }: { path: string }) => path),
    ['trials/1/checkpoint.bin'],
  );
  const again = await run(folder, 'gc');
  assert.match(again.stdout, /nothing to remove/);
  assert.equal(readFileSync(checkpoint).length, 3496);
  const unknown = await run(folder, 'gc', 'smal');
  assert.equal(unknown.status, 2);
  assert.match(unknown.stderr, /Did you mean "small"/);
});
