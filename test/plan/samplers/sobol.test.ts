import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rng } from '../../../src/plan/random.ts';
import { sobol, sobolBits } from '../../../src/plan/samplers/sobol.ts';
import { sobolDimensions } from '../../../src/plan/samplers/sobol-directions.ts';
import type { Dimension, Point, SearchSpace } from '../../../src/spec/space/search-space.ts';

const cube = (count: number): SearchSpace => ({
  dimensions: Array.from(
    { length: count },
    (_, axis): Dimension => ({
      name: `x${axis}`,
      distribution: { type: 'float', low: 0, high: 1, log: false, step: null },
      when: [],
    }),
  ),
});

function draw(space: SearchSpace, count: number, scramble: boolean, seed = 1): readonly Point[] {
  return Array.from({ length: count }, (_, index) => {
    const stream = (...purpose: readonly (string | number)[]) => rng(seed, ...purpose);
    const rest = { history: [], pending: [], objectives: 1, options: { scramble } };
    return sobol.propose({ space, index, stream, ...rest }) ?? {};
  });
}

test('the points are those of scipy 1.17.1, qmc.Sobol(64, scramble=False)', () => {
  const axes = [0, 1, 2, 7, 31, 40, 63];
  const known: readonly (readonly [number, readonly number[]])[] = [
    [0, [0, 0, 0, 0, 0, 0, 0]],
    [1, [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]],
    [2, [0.75, 0.25, 0.25, 0.75, 0.25, 0.25, 0.75]],
    [5, [0.875, 0.875, 0.125, 0.375, 0.625, 0.375, 0.625]],
    [100, [0.4140625, 0.2578125, 0.7734375, 0.4765625, 0.4140625, 0.7109375, 0.6484375]],
    [
      1023,
      [
        0.0009765625, 0.7529296875, 0.6123046875, 0.6181640625, 0.6142578125, 0.6318359375,
        0.0400390625,
      ],
    ],
    [
      4095,
      [
        0.000244140625, 0.941162109375, 0.334228515625, 0.390869140625, 0.087646484375,
        0.200927734375, 0.553466796875,
      ],
    ],
  ];
  for (const [index, values] of known) {
    assert.deepEqual(
      axes.map((axis) => sobolBits(axis, index) / 2 ** 32),
      values,
    );
  }
});

test('scrambled points stay even: each of 64 in a box of its own, whichever way the square is cut', () => {
  for (const seed of [1, 2, 3]) {
    const points = draw(cube(2), 64, true, seed);
    for (const [columns, rows] of [
      [64, 1],
      [8, 8],
      [2, 32],
      [1, 64],
    ] as const) {
      const boxes = points.map(
        ({ x0 = 0, x1 = 0 }) => Math.floor(x0 * columns) * rows + Math.floor(x1 * rows),
      );
      assert.equal(new Set(boxes).size, 64, `seed ${seed}, ${columns} x ${rows}`);
    }
  }
});

test('another seed gives other scrambled points, and the same ones without scrambling', () => {
  assert.notDeepEqual(draw(cube(3), 8, true, 1), draw(cube(3), 8, true, 2));
  assert.deepEqual(draw(cube(3), 8, false, 1), draw(cube(3), 8, false, 2));
});

test('dimensions beyond the table are random and do not follow one another', () => {
  const points = draw(cube(sobolDimensions + 2), 200, true);
  const [one, other] = [`x${sobolDimensions}`, `x${sobolDimensions + 1}`];
  const mean = (of: (point: Point) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const at = (point: Point, name: string) => (point[name] ?? Number.NaN) - 0.5;
  assert.ok(Math.abs(mean((point) => at(point, one))) < 0.08);
  assert.ok(Math.abs(mean((point) => at(point, one) * at(point, other))) < 0.02);
});
