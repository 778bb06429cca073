import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchTrial } from '../../src/execute/match-trial.ts';

const made = (...programs: string[]) => new Set(programs);
const unknown = { trained: [], compiled: [] };

test('a worker goes on with the program that it has', () => {
  const match = matchTrial(['a', 'b', 'b'], [made('b')], [made('a')], unknown);
  assert.deepEqual(match, { trial: 1, worker: 0 });
});

test('of several idle workers, the one with the program takes the trial', () => {
  const match = matchTrial(['b'], [made('a'), made('b')], [], unknown);
  assert.deepEqual(match, { trial: 0, worker: 1 });
});

test('a worker without one begins a program that nobody has, the emptiest worker first', () => {
  const match = matchTrial(['a', 'a', 'c'], [made('x', 'y'), made('x')], [made('a')], unknown);
  assert.deepEqual(match, { trial: 2, worker: 1 });
});

test('it waits for the worker that has the program where making it again takes longer', () => {
  const costs = { trained: [0.5, 0.7], compiled: [3, 3] };
  assert.equal(matchTrial(['a', 'a'], [made('b')], [made('a')], costs), undefined);
  const long = { trained: [5], compiled: [3] };
  assert.deepEqual(matchTrial(['a'], [made('b')], [made('a')], long), { trial: 0, worker: 0 });
});

test('where nothing is known yet nobody waits', () => {
  assert.deepEqual(matchTrial(['a'], [made()], [made('a')], unknown), { trial: 0, worker: 0 });
});

test('without a trial there is no match', () => {
  assert.equal(matchTrial([], [made()], [], unknown), undefined);
});
