import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { rng } from '../../src/plan/random.ts';
import { readJournal } from '../../src/record/journal.ts';
import { run, smallExperiment, start } from './small-experiment.ts';

/** `KILLS=100` for a long run by hand. */
const kills = Number(process.env.KILLS ?? 6);
const args = ['small.yaml', '--json', '--engine', 'wasm'];

/** Results without what differs by nature: times and the wall clock. */
function numbersOf(stdout: string) {
  const results = JSON.parse(stdout);
  return {
    ...results,
    trials: results.trials.map(({ seconds: _, ...trial }: { seconds: number }) => trial),
  };
}

test('killed at random moments, a sweep ends with the numbers of one that never was', async () => {
  const undisturbed = await run(smallExperiment(), ...args);
  assert.equal(undisturbed.status, 0, undisturbed.stderr);

  const folder = smallExperiment();
  const { next } = rng(kills, 'kill');
  let killed = 0;
  let last = await run(folder, 'validate', 'small.yaml');
  while (killed < kills) {
    const { child, finished } = start(folder, args);
    const timer = setTimeout(() => child.kill('SIGKILL'), 300 + next() * 5000);
    last = await finished;
    clearTimeout(timer);
    if (last.status !== null) break;
    killed += 1;
  }
  if (last.status === null || killed === 0) last = await run(folder, ...args);
  assert.equal(last.status, 0, last.stderr);
  assert.deepEqual(numbersOf(last.stdout), numbersOf(undisturbed.stdout));

  const journal = readJournal(join(folder, 'runs/small/journal.jsonl'));
  const finishes = journal.flatMap((record) => (record.type === 'finish' ? [record.number] : []));
  assert.equal(new Set(finishes).size, finishes.length, 'no finished trial was trained twice');
  const started = journal.flatMap((record) => (record.type === 'trial' ? [record.id] : []));
  assert.equal(new Set(started).size, started.length, 'no trial has two numbers');
});
