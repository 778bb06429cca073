import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Contender } from '../../../src/plan/define-pruner.ts';
import { race } from '../../../src/plan/pruners/race.ts';
import { rng } from '../../../src/plan/random.ts';
import { normal } from './learning-curves.ts';

const [choices, replicates, runs] = [12, 3, 500];

interface Situation {
  /** True value of a choice, in units of the noise; the least is the best. */
  readonly truth: (index: number) => number;
  /** What a replicate adds, drawn from a standard normal number. */
  readonly noise: (index: number, drawn: number) => number;
}

/** Replicate by replicate, for all choices that are still in: which are dropped, and how many trials that saves. */
function runRace(seed: number, { truth, noise }: Situation) {
  const random = rng(seed, 'race');
  const shifts = Array.from({ length: replicates }, () => 5 * normal(random));
  const values = Array.from({ length: choices }, (_, index) =>
    shifts.map((shift) => truth(index) + shift + noise(index, normal(random))),
  );
  const contenders: Contender[] = values.map((_, index) => ({ index, replicates: new Map() }));
  const dropped = new Set<number>();
  let trained = 0;
  for (let replicate = 0; replicate < replicates; replicate++) {
    for (let index = 0; index < choices; index++) {
      const choice = contenders[index];
      if (choice === undefined || dropped.has(index)) continue;
      const others = contenders.filter((other) => other !== choice);
      if (race.dropChoice?.({ choice, others, floors: [], options: { confidence: 0.95 } })) {
        dropped.add(index);
        continue;
      }
      const value = values[index]?.[replicate] ?? Number.NaN;
      contenders[index] = {
        index,
        replicates: new Map([...choice.replicates, [replicate, [value]]]),
      };
      trained++;
    }
  }
  return { dropped, saved: choices * replicates - trained };
}

function simulate(situation: Situation) {
  let [wrong, saved] = [0, 0];
  for (let seed = 0; seed < runs; seed++) {
    const outcome = runRace(seed, situation);
    // Choice 5 is the best: neither the first nor the last to be asked about.
    if (outcome.dropped.has(5)) wrong++;
    saved += outcome.saved;
  }
  return { wrong: wrong / runs, saved: saved / (runs * choices * replicates) };
}

/** 0 for choice 5, then 1, 2, … 11 in the order of the others. */
const place = (index: number) => (index === 5 ? 0 : index < 5 ? index + 1 : index);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const equal = (_: number, drawn: number) => drawn;

test('of 12 equally good choices with 3 replicates, one in particular is dropped in at most 5 % of 500 races', (t) => {
  const { wrong } = simulate({ truth: () => 0, noise: equal });
  t.diagnostic(`dropped in ${percent(wrong)}`);
  assert.ok(wrong <= 0.05);
});

test('the best choice is dropped in at most 5 % of races, and trials are saved', (t) => {
  for (const [spacing, least] of [
    [0.5, 0],
    [1, 0.02],
    [3, 0.2],
    [10, 0.5],
  ] as const) {
    const { wrong, saved } = simulate({ truth: (index) => spacing * place(index), noise: equal });
    t.diagnostic(
      `${spacing} noises apart: best dropped in ${percent(wrong)}, ${percent(saved)} of the trials saved`,
    );
    assert.ok(wrong <= 0.05, `${spacing}: ${wrong}`);
    assert.ok(saved >= least, `${spacing}: ${saved}`);
  }
});

test('three choices that diverge do not take the race its power', (t) => {
  const { wrong, saved } = simulate({
    truth: (index) => 3 * place(index),
    // Without a bound, upwards: a loss that explodes is never good by luck.
    noise: (index, drawn) => (place(index) >= 9 ? 300 * (1 + Math.abs(drawn)) : drawn),
  });
  t.diagnostic(`best dropped in ${percent(wrong)}, ${percent(saved)} saved`);
  assert.ok(wrong <= 0.05);
  assert.ok(saved >= 0.1);
});
