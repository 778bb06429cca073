import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Observation } from '../../../src/plan/define-sampler.ts';
import { hypervolume } from '../../../src/plan/pareto.ts';
import { rng } from '../../../src/plan/random.ts';
import { nsga2 } from '../../../src/plan/samplers/nsga2.ts';
import { randomPoint } from '../../../src/plan/samplers/random.ts';
import {
  isActive,
  type Point,
  pointKey,
  type SearchSpace,
} from '../../../src/spec/space/search-space.ts';
import { type FrontProblem, lossAndSize, zdt1 } from './two-objectives.ts';

const options = {
  populationSize: 20,
  crossoverProbability: 0.9,
  swapProbability: 0.5,
  mutationProbability: null,
};
const sixLines = zdt1.space;
const branching: SearchSpace = {
  dimensions: [
    { name: 'kind', distribution: { type: 'category', count: 3 }, when: [] },
    {
      name: 'rate',
      distribution: { type: 'float', low: 1e-4, high: 1, log: true, step: null },
      when: [{ on: 'kind', values: [0, 2] }],
    },
    {
      name: 'layers',
      distribution: { type: 'int', low: 1, high: 9, log: false, step: 2 },
      when: [{ on: 'kind', values: [1] }],
    },
    { name: 'batch', distribution: { type: 'ordinal', levels: [16, 32, 64] }, when: [] },
    { name: 'shift', distribution: { type: 'normal', mean: 1, standardDeviation: 2 }, when: [] },
  ],
};

function search(
  space: SearchSpace,
  evaluate: (point: Point) => readonly number[] | null,
  seed: number,
  length: number,
  propose = nsga2.propose as (proposal: Parameters<typeof nsga2.propose>[0]) => Point | null,
): readonly Observation[] {
  const history: Observation[] = [];
  for (let index = 0; index < length; index++) {
    const stream = (...purpose: readonly (string | number)[]) => rng(seed, ...purpose);
    const request = { space, index, history: [...history], pending: [], objectives: 2, stream };
    const point = propose({ ...request, options });
    assert.ok(point);
    history.push({ point, values: evaluate(point), progress: 1 });
  }
  return history;
}

function volumes({ space, values, reference }: FrontProblem, propose?: typeof randomPoint) {
  return Array.from({ length: 10 }, (_, seed) =>
    hypervolume(
      search(space, values, seed, 150, propose).map((each) => each.values ?? []),
      reference,
    ),
  );
}

test('two objectives: more hypervolume than random search with every one of ten seeds', () => {
  const drawn = volumes(zdt1, randomPoint);
  volumes(zdt1).forEach((bred, seed) => {
    assert.ok(bred > (drawn[seed] ?? 0), `seed ${seed}: ${bred} against ${drawn[seed]}`);
  });
});

test('two objectives with branches: a quarter of what random search leaves is found as well', () => {
  const mean = (all: readonly number[]) => all.reduce((sum, each) => sum + each / all.length, 0);
  const [bred, drawn] = [mean(volumes(lossAndSize)), mean(volumes(lossAndSize, randomPoint))];
  assert.ok(bred > drawn + lossAndSize.typical / 4, `${bred} against ${drawn}`);
});

test('one objective: it comes closer to the minimum of a bowl than random search', () => {
  const bowl = (point: Point) => [
    sixLines.dimensions.reduce((sum, { name }) => sum + ((point[name] ?? 0) - 0.3) ** 2, 0),
  ];
  const least = (history: readonly Observation[]) =>
    Math.min(...history.map(({ values }) => values?.[0] ?? Number.NaN));
  for (let seed = 0; seed < 5; seed++) {
    const bred = least(search(sixLines, bowl, seed, 150));
    const drawn = least(search(sixLines, bowl, seed, 150, randomPoint));
    assert.ok(bred < drawn / 2, `seed ${seed}: ${bred} against ${drawn}`);
  }
});

test('every child is a point of the space, whatever its parents left out', () => {
  const value = (point: Point) => [(point.rate ?? 0.5) + (point.shift ?? 0), point.kind ?? 0];
  for (const { point } of search(branching, value, 3, 120)) {
    for (const dimension of branching.dimensions) {
      const coordinate = point[dimension.name];
      assert.equal(coordinate !== undefined, isActive(dimension, point), dimension.name);
    }
    const { kind = 0, rate = 0.1, layers = 1, batch = 0 } = point;
    assert.ok([0, 1, 2].includes(kind) && [0, 1, 2].includes(batch));
    assert.ok(rate >= 1e-4 && rate <= 1);
    assert.ok([1, 3, 5, 7, 9].includes(layers));
  }
});

test('no point is proposed twice while there are others', () => {
  const history = search(sixLines, zdt1.values, 1, 100);
  assert.equal(new Set(history.map(({ point }) => pointKey(point))).size, 100);
  const small: SearchSpace = {
    dimensions: [
      { name: 'a', distribution: { type: 'category', count: 6 }, when: [] },
      { name: 'b', distribution: { type: 'ordinal', levels: [1, 2, 3, 4, 5, 6] }, when: [] },
    ],
  };
  const flat = search(small, ({ a = 0, b = 0 }) => [a, b], 1, 34);
  const bred = flat.slice(20).map(({ point }) => pointKey(point));
  assert.equal(new Set(bred).size, bred.length);
});

test('trials that failed or were pruned have no children', () => {
  // Whole ones lie in the lower third, all others, with better values, in the upper one.
  const history = Array.from({ length: 60 }, (_, index): Observation => {
    const place = index / 180;
    const at = (x: number) => Object.fromEntries(sixLines.dimensions.map(({ name }) => [name, x]));
    if (index % 3 === 0) return { point: at(place), values: [1, 1 + index], progress: 1 };
    return index % 3 === 1
      ? { point: at(1 - place), values: null, progress: 1 }
      : { point: at(1 - place), values: [0, 0], progress: 0.5 };
  });
  const stream = (...purpose: readonly (string | number)[]) => rng(1, ...purpose);
  for (let index = 60; index < 110; index++) {
    const request = { space: sixLines, index, history, pending: [], objectives: 2, stream };
    const point = nsga2.propose({ ...request, options: { ...options, mutationProbability: 0 } });
    const mean = Object.values(point ?? {}).reduce((sum, value) => sum + value / 6, 0);
    assert.ok(mean < 0.5, `${mean}`);
  }
});

test('the same request gives the same point, another index another one', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const history = search(branching, ({ shift = 0, batch = 0 }) => [shift, batch], seed, 25);
      const stream = (...purpose: readonly (string | number)[]) => rng(seed, ...purpose);
      const ask = (index: number) =>
        nsga2.propose({
          ...{ space: branching, index, history, pending: [], objectives: 2 },
          ...{ stream, options },
        });
      assert.deepEqual(ask(25), ask(25));
      assert.notDeepEqual(ask(25), ask(26));
    }),
    { numRuns: 10 },
  );
});
