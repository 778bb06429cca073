import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dominates, hypervolume } from '../../../src/plan/pareto.ts';
import { addedVolume, frontOf } from '../../../src/report/sweep/front.ts';

const close = (value: number, expected: number, tolerance = 1e-12) =>
  assert.ok(Math.abs(value - expected) <= tolerance, `${value} is not ${expected}`);

test('a point is on the front if no other is at least as good everywhere and better somewhere', () => {
  const points = [
    [1, 5],
    [2, 3],
    [2, 4], // worse than [2, 3]
    [4, 1],
    [4, 1], // the same as the one before: both stay
    [5, 5],
    [0, Number.NaN],
    [Number.POSITIVE_INFINITY, 0],
  ];
  assert.deepEqual(frontOf(points), [0, 1, 3, 4]);
});

test('in two dimensions the volume is that of the stairs', () => {
  // Reference (5, 6): 1 x (6-5) of [4,5]… drawn on paper: (5-1)(6-5) + (5-2)(5-3) + (5-4)(3-1).
  const points = [
    [1, 5],
    [2, 3],
    [4, 1],
  ];
  close(hypervolume(points, [5, 6]), 4 + 6 + 2);
  // Beyond the reference there is nothing, and a dominated point adds nothing.
  close(hypervolume([...points, [4.5, 4.5], [6, 0], [0, 6]], [5, 6]), 12);
});

test('in three dimensions it is that of the boxes less what they share', () => {
  // 2·2·1 + 1·3·1 + 1·1·3 (towards (3,3,3)) less the overlaps 1·2·1, 1·1·1, 1·1·1 plus 1·1·1.
  const points = [
    [1, 1, 2],
    [2, 0, 2],
    [2, 2, 0],
  ];
  close(hypervolume(points, [3, 3, 3]), 4 + 3 + 3 - 2 - 1 - 1 + 1);
  close(hypervolume([[0, 0, 0]], [1, 2, 3]), 6);
  close(hypervolume([], [1, 2, 3]), 0);
});

const grid = (axes: number) =>
  fc.array(fc.tuple(...Array.from({ length: axes }, () => fc.integer({ min: 0, max: 5 }))), {
    maxLength: 12,
  });

/** Whole numbers cover whole cells, and those can be counted. */
function counted(points: readonly (readonly number[])[], axes: number): number {
  let cells = 0;
  for (let cell = 0; cell < 6 ** axes; cell++) {
    const place = Array.from({ length: axes }, (_, axis) => Math.floor(cell / 6 ** axis) % 6);
    if (points.some((point) => point.every((cost, axis) => cost <= (place[axis] ?? 0)))) cells += 1;
  }
  return cells;
}

for (const axes of [1, 2, 3, 4]) {
  test(`the volume in ${axes} dimensions is the count of the cells that are covered`, () => {
    const reference = Array(axes).fill(6);
    fc.assert(
      fc.property(grid(axes), (points) => {
        close(hypervolume(points, reference), counted(points, axes));
      }),
      { seed: 11, numRuns: 150 },
    );
  });
}

test('what a point adds is the difference of the volumes with and without it', () => {
  fc.assert(
    fc.property(grid(3), fc.tuple(fc.nat(5), fc.nat(5), fc.nat(5)), (points, point) => {
      const reference = [6, 6, 6];
      const difference =
        hypervolume([...points, point], reference) - hypervolume(points, reference);
      close(addedVolume(point, points, reference), difference, 1e-9);
    }),
    { seed: 12, numRuns: 200 },
  );
});

test('the front is what a comparison of all pairs leaves over', () => {
  fc.assert(
    fc.property(grid(3), (points) => {
      const plain = [...points.keys()].filter(
        (place) => !points.some((other) => dominates(other, points[place] ?? [])),
      );
      assert.deepEqual(frontOf(points), plain);
    }),
    { seed: 13, numRuns: 200 },
  );
});
