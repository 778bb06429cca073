import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Contender } from '../../../src/plan/define-pruner.ts';
import { race } from '../../../src/plan/pruners/race.ts';
import { contrastsOf, pairedNoise } from '../../../src/plan/pruners/replicate-noise.ts';
import { contender } from './courses.ts';

const ask = (
  choice: Contender,
  others: readonly Contender[],
  floors: readonly number[] = [],
  confidence = 0.95,
) => race.dropChoice?.({ choice, others, floors, options: { confidence } });
const several = (index: number, rows: readonly (readonly number[])[]): Contender => ({
  index,
  replicates: new Map(rows.map((values, replicate) => [replicate, values])),
});

test('the noise is the residual mean square of the two-way analysis of variance', () => {
  // By hand: the rows differ by 1, 3 and -1, so by 0, 2 and -2 from their mean difference; each row has half of that
  // left, with its sign: squares 0 + 1 + 1, twice, for (2 - 1)(3 - 1) degrees of freedom.
  const [table] = contrastsOf([contender(0, [1, 2, 6]), contender(1, [2, 5, 5])], 1);
  assert.ok(table);
  const noise = pairedNoise(table);
  assert.equal(noise?.degrees, 2);
  assert.ok(Math.abs((noise?.variance ?? 0) - 2) < 1e-12);
});

test('a difference beyond the margin drops a choice, one below it does not', () => {
  // Rivals whose replicates differ by 1, -1 and 0: contrasts of √½, -√½ and 0, squares 1, for 2 degrees of freedom.
  // One replicate shared, 3 rivals, two ways to tell the noise (here the same, all means being alike):
  // t exceeded with 0.05 / 3 / 2 / 2 = 10.886 (SciPy), times √(2 · ½).
  const rivals = [contender(1, [0, 1]), contender(2, [1, 0]), contender(3, [0.5, 0.5])];
  assert.equal(ask(contender(0, [10.8]), rivals), null);
  assert.match(ask(contender(0, [10.9]), rivals) ?? '', /worse than choice 1 by 10\.9/);
  assert.equal(ask(contender(0, [-10.9]), rivals), null);
});

test('what the replicates do to all choices alike is no noise', () => {
  const shift = [0, 100, -50];
  const at = (values: readonly number[]) =>
    values.map((value, replicate) => value + (shift[replicate] ?? 0));
  const rivals = [
    [1, 1.1, 1],
    [1.1, 1, 1],
    [1, 1, 1.1],
  ].map((values, index) => contender(index + 1, at(values)));
  assert.notEqual(ask(contender(0, at([5, 5.1])), rivals), null);
});

test('only replicates that both have are compared', () => {
  const rivals = [
    contender(1, [1, 1.1, 50]),
    contender(2, [1.1, 1, 50.1]),
    contender(3, [1, 1, 50]),
  ];
  assert.equal(ask(contender(0, [1.05, 1]), rivals), null);
  assert.equal(ask(contender(0, [undefined, undefined, undefined, 99]), rivals), null);
});

test('without a second replicate anywhere nothing is known of the noise', () => {
  assert.equal(ask(contender(0, [9]), [contender(1, [1]), contender(2, [2])]), null);
  assert.equal(ask(contender(0, [9, 9]), [contender(1, [1, 1]), contender(2, [1, 1])]), null);
});

test('a choice alone is never dropped', () => {
  assert.equal(ask(contender(0, [Number.NaN]), []), null);
  assert.equal(ask(contender(0, [9]), [], [1]), null);
});

test('an undefined value is surely worse than a defined one', () => {
  const rival = contender(1, [1]);
  assert.equal(
    ask(contender(0, [Number.NaN]), [rival]),
    'over 1 replicate it is worse than choice 1 by an undefined value, at 95 %',
  );
  assert.equal(ask(contender(0, [Number.NaN]), [contender(1, [Number.NaN])]), null);
  assert.equal(ask(contender(0, [1]), [contender(1, [Number.NaN])]), null);
});

test('a choice that diverges does not hide the noise of the good ones', () => {
  const good = [
    [1, 1.1],
    [1.1, 1],
    [1, 1],
    [1.1, 1.1],
    [1, 1.2],
    [1.1, 1.15],
  ].map((values, index) => contender(index + 1, values));
  const wild = contender(20, [900, 4]);
  assert.notEqual(ask(contender(0, [6, 6]), [...good, wild]), null);
  assert.equal(ask(contender(0, [1.3, 1.2]), [...good, wild]), null);
});

test('of several objectives, it has to be worse in all of them than one other choice', () => {
  const rivals = [
    several(1, [
      [1, 5],
      [1.1, 5],
    ]),
    several(2, [
      [1.1, 5],
      [1, 5.1],
    ]),
    several(3, [
      [1, 5.1],
      [1, 5],
    ]),
    several(4, [
      [9, 1],
      [9, 1.1],
    ]),
  ];
  assert.equal(
    ask(
      several(0, [
        [8, 4],
        [8, 4],
      ]),
      rivals,
    ),
    null,
  );
  assert.match(
    ask(
      several(0, [
        [8, 12],
        [8, 12],
      ]),
      rivals,
    ) ?? '',
    /^over 2 replicates it is worse than choice \d by .* and by .*, at 95 %$/,
  );
});

test('a choice that surely misses a floor is dropped, if another one meets it', () => {
  const rivals = [
    several(1, [
      [1, 5],
      [1.1, 5],
      [1, 5.1],
    ]),
    several(2, [
      [1.1, 5],
      [1, 5.1],
      [1, 5],
    ]),
  ];
  // Best in the second objective; its first one misses the floor of 2.
  const choice = several(0, [
    [8, 1],
    [8.1, 1],
    [8, 1],
  ]);
  assert.equal(ask(choice, rivals), null);
  assert.match(
    ask(choice, rivals, [2, Number.POSITIVE_INFINITY]) ?? '',
    /misses the floor of 2 by/,
  );
  assert.equal(ask(choice, rivals, [0.5, Number.POSITIVE_INFINITY]), null);
});

test('more confidence drops less', () => {
  const rivals = [contender(1, [0, 1]), contender(2, [1, 0]), contender(3, [0.5, 0.5])];
  assert.notEqual(ask(contender(0, [11]), rivals), null);
  assert.equal(ask(contender(0, [11]), rivals, [], 0.99), null);
});
