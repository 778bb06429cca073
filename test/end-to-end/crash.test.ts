import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { rng } from '../../src/plan/random.ts';
import { readJournal } from '../../src/record/journal.ts';
import { run, smallExperiment, smallSpec, start } from './small-experiment.ts';

/** `KILLS=100` for a long run by hand. */
const kills = Number(process.env.KILLS ?? 6);
const args = ['small.yaml', '--json'];
// Some seconds of compiled training, so that kills meet every stage of it.
const spec = smallSpec.replace('epochs: 6', 'epochs: 400');

/** Results without what differs by nature: times and the wall clock. */
function numbersOf(stdout: string) {
  const results = JSON.parse(stdout);
  return {
    ...results,
    trials: results.trials.map(({ seconds: _, ...trial }: { seconds: number }) => trial),
  };
}

test(`killed ${kills} times at random moments, sweeps end with the numbers of one that never was`, async (context) => {
  const undisturbed = await run(smallExperiment(spec), ...args);
  assert.equal(undisturbed.status, 0, undisturbed.stderr);
  const { next } = rng(kills, 'kill');
  let killed = 0;
  for (let sweep = 1; killed < kills; sweep++) {
    const folder = smallExperiment(spec);
    let last = await startOnce(folder, next());
    while (last.status === null) {
      killed += 1;
      // When it was killed as often as asked for, it may come to its end.
      last = await (killed < kills ? startOnce(folder, next()) : run(folder, ...args));
    }
    assert.equal(last.status, 0, last.stderr);
    assert.deepEqual(numbersOf(last.stdout), numbersOf(undisturbed.stdout));
    checkJournal(folder);
    context.diagnostic(`sweep ${sweep}: ${killed} kills so far, the same numbers`);
  }
});

/** One start of the command, killed after a while unless it ends before; then its status is null. */
async function startOnce(folder: string, random: number) {
  const { child, finished } = start(folder, args);
  const timer = setTimeout(() => child.kill('SIGKILL'), 300 + random * 6000);
  const ended = await finished;
  clearTimeout(timer);
  return ended;
}

function checkJournal(folder: string): void {
  const journal = readJournal(join(folder, 'runs/small/journal.jsonl'));
  const finishes = journal.flatMap((record) => (record.type === 'finish' ? [record.number] : []));
  assert.equal(new Set(finishes).size, finishes.length, 'no finished trial was trained twice');
  const identities = journal.flatMap((record) => (record.type === 'trial' ? [record.id] : []));
  assert.equal(new Set(identities).size, identities.length, 'no trial has two numbers');
  assert.deepEqual(
    [...finishes].sort((one, other) => one - other),
    identities.map((_, index) => index + 1),
  );
}
