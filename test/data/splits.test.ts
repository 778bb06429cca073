import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assignSplits, fractionsOf, type SplitSpec } from '../../src/data/splits/assign.ts';
import { type Fractions, shareGroups, shareRows } from '../../src/data/splits/sharing-out.ts';
import { rowSource } from '../../src/data/table/row-source.ts';
import { rng } from '../../src/plan/random.ts';

const fractionLists = fc
  .tuple(
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 0, max: 9 }),
  )
  .map(([train, validation, test]): Fractions => {
    const sum = train + validation + test;
    return [train / sum, validation / sum, test / sum];
  });
const codes = (most: number, minLength: number) =>
  fc
    .array(fc.nat({ max: most }), { minLength, maxLength: 300 })
    .map((list) => Int32Array.from(list));
const count = (split: Uint8Array, wanted: number) => split.filter((one) => one === wanted).length;

test('rows: every class is shared out to within a row, and the same seed gives the same split', () => {
  fc.assert(
    fc.property(codes(3, 1), fractionLists, fc.nat(), (classes, fractions, seed) => {
      const split = shareRows(classes, fractions, rng(seed, 'split'));
      assert.deepEqual(split, shareRows(classes, fractions, rng(seed, 'split')));
      for (const [name, fraction] of fractions.entries())
        assert.ok(Math.abs(count(split, name) - fraction * classes.length) <= 1.0001);
    }),
  );
});

test('groups are never divided', () => {
  fc.assert(
    fc.property(codes(40, 1), fractionLists, fc.nat(), (list, fractions, seed) => {
      const places = new Map([...new Set(list)].map((group, place) => [group, place]));
      const groups = list.map((group) => places.get(group) ?? 0);
      const split = shareGroups(
        groups,
        groups.map((group) => group % 2),
        fractions,
        rng(seed, 'split'),
      );
      const sides = new Map<number, number>();
      for (const [row, group] of groups.entries()) {
        assert.equal(sides.get(group) ?? split[row], split[row]);
        sides.set(group, split[row] ?? -1);
      }
    }),
  );
});

test('groups of many sizes keep the fractions, the classes, and the sizes', () => {
  const random = rng(1, 'made');
  const groups: number[] = [];
  const classes: number[] = [];
  for (let group = 0; group < 3000; group++) {
    const size = 1 + Math.floor(random.next() ** 6 * 30);
    for (let row = 0; row < size; row++) {
      groups.push(group);
      classes.push(random.next() < (size > 3 ? 0.6 : 0.2) ? 1 : 0);
    }
  }
  const split = shareGroups(
    Int32Array.from(groups),
    Int32Array.from(classes),
    [0.7, 0.15, 0.15],
    rng(2, 'split'),
  );
  const share = (of: (row: number) => boolean, name: number) => {
    const rows = groups.map((_, row) => row).filter(of);
    return rows.filter((row) => split[row] === name).length / rows.length;
  };
  const inLarge = new Set(groups.filter((group, row) => groups[row + 5] === group));
  for (const [name, fraction] of [0.7, 0.15, 0.15].entries()) {
    assert.ok(Math.abs(share(() => true, name) - fraction) < 0.001);
    assert.ok(Math.abs(share((row) => classes[row] === 1, name) - fraction) < 0.005);
    assert.ok(Math.abs(share((row) => inLarge.has(groups[row] ?? -1), name) - fraction) < 0.01);
  }
});

const rows = Array.from({ length: 10 }, (_, row) => ({
  patient: row < 4 ? 'a' : row < 8 ? 'b' : null,
  day: `2020-01-${String(28 - row).padStart(2, '0')}`,
  part: ['train', 'Train', 'validation', 'test'][row % 4],
  half: row % 2 ? 'train' : 'validation',
}));
const assign = (split: SplitSpec, made = rows as readonly Record<string, unknown>[]) =>
  assignSplits(split, 7, rowSource(made, []), null);

test('splits are disjoint and complete, and test is null where there is none', async () => {
  const all = await assign({ train: 0.6, validation: 0.2, test: 0.2 });
  const together = [...all.train, ...all.validation, ...(all.test ?? [])];
  assert.deepEqual(
    together.toSorted((one, other) => one - other),
    [...rows.keys()],
  );
  const two = await assign({ train: 0.8, validation: 0.2 });
  assert.deepEqual([two.train.length, two.validation.length, two.test], [8, 2, null]);
});

test('rows without a group stand for themselves', async () => {
  const { train, validation, test } = await assign({
    train: 0.4,
    validation: 0.4,
    test: 0.2,
    group: 'patient',
  });
  const sizes = [train, validation, test ?? []].map(({ length }) => length);
  assert.deepEqual(sizes, [4, 4, 2]);
});

test('by time the earliest rows train and the latest test', async () => {
  const { train, validation, test } = await assign({
    train: 0.6,
    validation: 0.2,
    test: 0.2,
    time: 'day',
  });
  assert.deepEqual([...train], [4, 5, 6, 7, 8, 9]);
  assert.deepEqual([...validation], [2, 3]);
  assert.deepEqual([...(test ?? [])], [0, 1]);
});

test('rows of one time are divided in the order of the table', async () => {
  const made = [3, 1, 2, 2, 2, 2, 0, 9].map((day) => ({ day }));
  const split = { train: 0.5, validation: 0.25, test: 0.25, time: 'day' };
  const { train, validation, test } = await assign(split, made);
  // In the order of time: rows 6, 1, 2, 3 | 4, 5 | 0, 7.
  assert.deepEqual(
    [[...train], [...validation], [...(test ?? [])]],
    [
      [1, 2, 3, 6],
      [4, 5],
      [0, 7],
    ],
  );
});

test('by a column, with or without a test split; other values are named', async () => {
  const { train, test } = await assign({ column: 'part' });
  assert.deepEqual([...train], [0, 1, 4, 5, 8, 9]);
  assert.deepEqual([...(test ?? [])], [3, 7]);
  assert.equal((await assign({ column: 'half' })).test, null);
  await assert.rejects(assign({ column: 'patient' }), /got "a", "b", no value in 2 rows/);
});

test('an empty split is a problem', async () => {
  await assert.rejects(
    assign({ train: 0.98, validation: 0.01, test: 0.01 }),
    /rows in the (validation|test) split/,
  );
});

test('fractions that are not written take what is left', () => {
  assert.deepEqual(fractionsOf({}), [0.7, 0.15, 0.15]);
  assert.deepEqual(fractionsOf({ train: 0.75 }), [0.75, 0.25, 0]);
  assert.deepEqual(fractionsOf({ validation: 0.25 }), [0.75, 0.25, 0]);
  assert.deepEqual(fractionsOf({ train: 0.5, test: 0.25 }), [0.5, 0.25, 0.25]);
});
