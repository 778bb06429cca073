import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  initialStopping,
  type StoppingRule,
  type StoppingState,
  watchEpoch,
} from '../../src/execute/early-stopping.ts';

/** Feeds epochs until it stops: the epoch it stopped at (or null) and the state. */
function watch(rule: StoppingRule, epochs: readonly Record<string, number>[]) {
  let state: StoppingState = initialStopping;
  for (const [index, metrics] of epochs.entries()) {
    const seen = watchEpoch(rule, state, index + 1, metrics);
    state = seen.state;
    if (seen.shouldStop) return { stoppedAt: index + 1, state };
  }
  return { stoppedAt: null, state };
}
const rule = (changes: Partial<StoppingRule> = {}): StoppingRule => ({
  metrics: [{ name: 'loss', direction: 'minimize' }],
  patience: 2,
  minDelta: 0,
  restoreBestWeights: true,
  ...changes,
});
const losses = (...values: number[]) => values.map((loss) => ({ loss }));

test('it stops after `patience` epochs without improvement and knows the best one', () => {
  const { stoppedAt, state } = watch(rule(), losses(5, 4, 3, 3.5, 3, 2));
  assert.equal(stoppedAt, 5);
  assert.equal(state.bestEpoch, 3);
});

test('an improvement below minDelta does not reset the wait, but may still be the best epoch', () => {
  const { stoppedAt, state } = watch(rule({ minDelta: 0.5 }), losses(5, 4.9, 4.8, 1));
  assert.equal(stoppedAt, 3);
  assert.equal(state.bestEpoch, 3);
});

test('without patience it never stops', () => {
  const { stoppedAt, state } = watch(
    rule({ patience: Number.POSITIVE_INFINITY }),
    losses(1, 2, 3, 4),
  );
  assert.equal(stoppedAt, null);
  assert.equal(state.bestEpoch, 1);
});

test('patience 0 stops at the first epoch that is no better', () => {
  assert.equal(watch(rule({ patience: 0 }), losses(3, 2, 2, 1)).stoppedAt, 3);
});

test('of several metrics the mean relative improvement counts, each in its own direction', () => {
  const several = rule({
    metrics: [
      { name: 'mae', direction: 'minimize' },
      { name: 'auc', direction: 'maximize' },
    ],
    patience: 1,
  });
  // mae improves by 10 %, auc falls by 5 %: still better together; then mae is lost again.
  const { stoppedAt, state } = watch(several, [
    { mae: 2, auc: 0.8 },
    { mae: 1.8, auc: 0.76 },
    { mae: 2, auc: 0.78 },
  ]);
  assert.equal(stoppedAt, 3);
  assert.equal(state.bestEpoch, 2);
});

test('a metric that is not defined never becomes the best after a defined one', () => {
  const { state } = watch(rule(), losses(3, Number.NaN));
  assert.equal(state.bestEpoch, 1);
});

test('an undefined first epoch is forgotten as soon as one is defined', () => {
  const { state } = watch(rule({ patience: 3 }), losses(Number.NaN, 3, 2, 4));
  assert.equal(state.bestEpoch, 3);
  assert.equal(state.bestScore, -2);
});
