import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  crowdingDistances,
  dominates,
  hypervolume,
  nonDominatedRanks,
  type Objectives,
  paretoFront,
} from '../../../src/plan/pareto.ts';
import { rng } from '../../../src/plan/random.ts';

const close = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

/** Few levels, so that ties and equal points are common. */
const anyPoints = fc.integer({ min: 1, max: 4 }).chain((count) =>
  fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: count, maxLength: count }), {
    minLength: 1,
    maxLength: 30,
  }),
);
const cloud = (seed: number, length: number, count: number): Objectives[] => {
  const { next } = rng(seed, 'cloud');
  return Array.from({ length }, () => Array.from({ length: count }, next));
};

/** By peeling: what nothing left over dominates is the next front. */
function peeledRanks(all: readonly Objectives[]): number[] {
  const ranks = all.map(() => -1);
  for (let rank = 0; ranks.includes(-1); rank++) {
    const left = ranks.flatMap((each, index) => (each === -1 ? [index] : []));
    for (const index of left) {
      const point = all[index] as Objectives;
      if (!left.some((other) => dominates(all[other] as Objectives, point))) ranks[index] = rank;
    }
  }
  return ranks;
}

/** For whole coordinates in 0 … 6: the unit cells below the reference that a point dominates. */
function countedCells(points: readonly Objectives[], reference: Objectives): number {
  let cells: number[][] = [[]];
  for (const limit of reference) {
    cells = cells.flatMap((cell) => Array.from({ length: limit }, (_, value) => [...cell, value]));
  }
  return cells.filter((cell) =>
    points.some((point) => point.every((value, index) => value <= (cell[index] as number))),
  ).length;
}

test('one dominates another when it is nowhere worse and somewhere better', () => {
  assert.ok(dominates([1, 2], [1, 3]));
  assert.ok(!dominates([1, 2], [1, 2]));
  assert.ok(!dominates([1, 3], [2, 2]));
});

test('the front of five points by hand, equal ones both in it', () => {
  const points = [
    [1, 4],
    [2, 2],
    [4, 1],
    [3, 3],
    [2, 2],
    [4, 4],
  ];
  assert.deepEqual(paretoFront(points), [0, 1, 2, 4]);
  assert.deepEqual(nonDominatedRanks(points), [0, 0, 0, 1, 0, 2]);
  assert.deepEqual(nonDominatedRanks([[3], [1], [1], [2]]), [2, 0, 0, 1]);
});

test('ranks are those of peeling one front after the other', () => {
  fc.assert(
    fc.property(anyPoints, (points) => {
      assert.deepEqual(nonDominatedRanks(points), peeledRanks(points));
    }),
  );
});

test('crowding by hand: the ends are free, the others have the sides of their box', () => {
  // Middle ones: (4 - 0)/10 + (10 - 4)/10 and (10 - 1)/10 + (6 - 0)/10.
  const distances = crowdingDistances([
    [0, 10],
    [4, 4],
    [1, 6],
    [10, 0],
  ]);
  assert.equal(distances[0], Number.POSITIVE_INFINITY);
  assert.equal(distances[3], Number.POSITIVE_INFINITY);
  close(distances[2] as number, 1.0);
  close(distances[1] as number, 1.5);
  assert.deepEqual(crowdingDistances([]), []);
});

test('a hypervolume by hand in one to four dimensions', () => {
  assert.equal(hypervolume([[3], [1], [7]], [5]), 4);
  // 1×1 + 2×3 - overlap counted once: columns 1-2: 1, 2-4: 3 each, 4-5: 4.
  assert.equal(
    hypervolume(
      [
        [1, 4],
        [2, 2],
        [4, 1],
      ],
      [5, 5],
    ),
    1 + 2 * 3 + 4,
  );
  // Two bricks 2×1×1 and 1×2×1 at the corner of a cube share a unit cube.
  assert.equal(
    hypervolume(
      [
        [1, 2, 2],
        [2, 1, 2],
      ],
      [3, 3, 3],
    ),
    3,
  );
  assert.equal(
    hypervolume(
      [
        [1, 2, 2, 2],
        [2, 1, 2, 2],
        [2, 2, 1, 1],
      ],
      [3, 3, 3, 3],
    ),
    2 + 2 + 4 - 3 + 1,
  );
  assert.equal(hypervolume([], [1, 1]), 0);
  assert.equal(hypervolume([[0, 1]], [1, 1]), 0);
});

test('a hypervolume over whole numbers is the count of dominated cells', () => {
  fc.assert(
    fc.property(anyPoints, (points) => {
      const reference = (points[0] as Objectives).map(() => 5);
      assert.equal(hypervolume(points, reference), countedCells(points, reference));
    }),
  );
});

test('points on a sphere dominate the cube but for the part of the ball below them', () => {
  // The ball of radius 1 around the best corner of the unit cube: 1 - π/4 in the limit for two
  // objectives, 1 - π/6 for three.
  const sphere = (count: number, length: number) =>
    cloud(3, length, count).map((point) => {
      const norm = Math.hypot(...point);
      return point.map((value) => value / norm);
    });
  close(hypervolume(sphere(2, 5000), [1, 1]), 1 - Math.PI / 4, 2e-3);
  close(hypervolume(sphere(3, 10_000), [1, 1, 1]), 1 - Math.PI / 6, 1e-2);
});

test('a hypervolume is what random darts find', () => {
  for (const count of [2, 3, 4]) {
    const points = cloud(count, 40, count).map((point) => point.map((value) => 0.3 + 0.7 * value));
    const darts = cloud(100 + count, 20_000, count);
    const hits = darts.filter((dart) => points.some((point) => dominates(point, dart))).length;
    const share = hits / darts.length;
    const exact = hypervolume(points, new Array(count).fill(1));
    // Four standard errors.
    const tolerance = 4 * Math.sqrt((exact * (1 - exact)) / darts.length);
    assert.ok(Math.abs(share - exact) < tolerance, `${count}: ${share} against ${exact}`);
  }
});

test('a point more never shrinks the hypervolume, and a dominated one leaves it as it is', () => {
  fc.assert(
    fc.property(anyPoints, fc.nat(), (points, pick) => {
      const reference = (points[0] as Objectives).map(() => 7);
      const whole = hypervolume(points, reference);
      assert.ok(hypervolume(points.slice(1), reference) <= whole);
      const worse = (points[pick % points.length] as Objectives).map((value) => value + 0.5);
      assert.equal(hypervolume([...points, worse], reference), whole);
    }),
  );
});

test('ten thousand points are ranked and measured', () => {
  const two = cloud(1, 10_000, 2);
  const front = Array.from({ length: 10_000 }, (_, index) => [index, 10_000 - index]);
  assert.equal(Math.min(...nonDominatedRanks(two)), 0);
  assert.ok(nonDominatedRanks(front).every((rank) => rank === 0));
  // A staircase: column i is 10,001 - i wide from there on, and one higher than the one before it.
  assert.equal(hypervolume(front, [10_001, 10_001]), (10_000 * 10_001) / 2 + 10_000);
  for (const points of [two, cloud(2, 10_000, 3)]) {
    const volume = hypervolume(points, points[0]?.map(() => 1) ?? []);
    assert.ok(volume > 0.9 && volume <= 1, `${volume}`);
  }
});
