import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation } from '../../../src/plan/define-sampler.ts';
import { hypervolume, paretoFront } from '../../../src/plan/pareto.ts';
import { rng } from '../../../src/plan/random.ts';
import { random } from '../../../src/plan/samplers/random.ts';
import { tpe } from '../../../src/plan/samplers/tpe.ts';
import {
  type Dimension,
  type Distribution,
  type Point,
  pointKey,
  type SearchSpace,
} from '../../../src/spec/space/search-space.ts';
import { median } from '../../bench/statistics.ts';
import { branin, drawPlainly, mixed } from './functions.ts';
import { bestSoFar, defaultOptions } from './search.ts';

const unit: Distribution = { type: 'float', low: 0, high: 1, log: false, step: null };
const spaceOf = (distributions: Readonly<Record<string, Distribution>>): SearchSpace => ({
  dimensions: Object.entries(distributions).map(
    ([name, distribution]): Dimension => ({ name, distribution, when: [] }),
  ),
});
const square = spaceOf({ x: unit, y: unit });

interface Ask {
  readonly space: SearchSpace;
  readonly history: readonly Observation[];
  readonly index?: number;
  readonly pending?: readonly Point[];
  readonly objectives?: number;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly seed?: number;
}
const ask = ({ seed = 1, options = {}, ...rest }: Ask): Point =>
  tpe.propose({
    index: rest.history.length,
    pending: [],
    objectives: 1,
    stream: (...purpose) => rng(seed, ...purpose),
    ...rest,
    options: {
      ...(defaultOptions(tpe) as Parameters<typeof tpe.propose>[0]['options']),
      ...options,
    },
  }) ?? {};

/** Points drawn plainly, with the values that the function gives them. */
const observed = (
  space: SearchSpace,
  count: number,
  values: (point: Point) => readonly number[] | null,
  progress = 1,
): readonly Observation[] => {
  const stream = rng(9, 'observed');
  return Array.from({ length: count }, () => {
    const point = drawPlainly(space, stream);
    return { point, values: values(point), progress };
  });
};

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

test('after 60 trials on Branin it typically misses the minimum by less than half of what random search does', () => {
  const miss = (sampler: typeof tpe | typeof random) =>
    median(
      Array.from({ length: 10 }, (_, seed) => {
        const best = bestSoFar({ sampler, target: branin, seed, trials: 60 });
        return (best[59] ?? Number.NaN) - branin.minimum;
      }),
    );
  const [learned, drawn] = [miss(tpe), miss(random)];
  assert.ok(learned < drawn / 2, `${learned} against ${drawn}`);
  assert.ok(learned < 0.15, `the minimum is missed by ${learned}`);
});

test('it finds the settings that matter under noise, conditions and orders', () => {
  const regrets = [0, 1, 2, 3, 4].map((seed) => {
    const best = bestSoFar({ sampler: tpe, target: mixed, seed, trials: 80 });
    return (best[79] ?? Number.NaN) - mixed.minimum;
  });
  assert.ok(mean(regrets) < 0.05, `${regrets}`);
});

test('it looks around the good points, not around the bad ones', () => {
  const history = observed(square, 40, ({ x = 0, y = 0 }) => [(x - 0.2) ** 2 + (y - 0.7) ** 2]);
  const next = Array.from({ length: 20 }, (_, seed) => ask({ space: square, history, seed }));
  const distance = ({ x = 0, y = 0 }: Point) => Math.hypot(x - 0.2, y - 0.7);
  assert.ok(mean(next.map(distance)) < 0.2);
});

test('workers that ask at once are sent to different places', () => {
  const space = spaceOf({
    kind: { type: 'category', count: 3 },
    size: { type: 'int', low: 1, high: 4, log: false, step: 1 },
  });
  const history = observed(space, 12, ({ kind = 0, size = 0 }) => [kind + size]).slice(0, 12);
  const seen = new Set(history.map(({ point }) => pointKey(point)));
  const pending: Point[] = [];
  for (let worker = 0; seen.size < 12; worker++) {
    const point = ask({ space, history, pending, index: 12 + worker });
    assert.ok(!seen.has(pointKey(point)), `${pointKey(point)} again`);
    seen.add(pointKey(point));
    pending.push(point);
  }
  // All 12 settings are taken: it still gives a point.
  assert.ok('size' in ask({ space, history, pending, index: 40 }));
});

test('points that are being trained keep others away, unless told otherwise', () => {
  const history = observed(square, 30, ({ x = 0 }) => [x]);
  const near = Array.from({ length: 30 }, (_, index) => ({ x: 0.02, y: (index + 0.5) / 30 }));
  const xs = (options: Readonly<Record<string, unknown>>) =>
    Array.from(
      { length: 15 },
      (_, seed) => ask({ space: square, history, pending: near, seed, options }).x ?? 0,
    );
  assert.ok(mean(xs({ avoidPending: true })) > mean(xs({ avoidPending: false })) + 0.02);
});

test('what failed is avoided', () => {
  const history = observed(square, 60, ({ x = 0, y = 0 }) => (x > 0.5 ? null : [y]));
  const next = Array.from({ length: 20 }, (_, seed) => ask({ space: square, history, seed }));
  assert.ok(next.filter(({ x = 0 }) => x < 0.55).length >= 18);
});

test('a pruned trial is not better than a finished one, however low its value', () => {
  const finished = observed(square, 20, ({ x = 0 }) => [1 + x]);
  const pruned = observed(square, 20, () => [0.1], 0.2).map((each) => ({
    ...each,
    point: { ...each.point, x: 0.9 + 0.1 * (each.point.x ?? 0) },
  }));
  const next = Array.from({ length: 15 }, (_, seed) =>
    ask({ space: square, history: [...finished, ...pruned], seed }),
  );
  assert.ok(mean(next.map(({ x = 0 }) => x)) < 0.4);
});

test('histories without anything to learn from still lead to points', () => {
  const cases: Readonly<Record<string, (point: Point) => readonly number[] | null>> = {
    'all failed': () => null,
    'all equal': () => [1],
    'not a number': () => [Number.NaN],
    infinite: () => [Number.POSITIVE_INFINITY],
    huge: ({ x = 0 }) => [x * 1e308],
  };
  for (const [name, values] of Object.entries(cases)) {
    const { x = -1, y = -1 } = ask({ space: square, history: observed(square, 30, values) });
    assert.ok(x >= 0 && x <= 1 && y >= 0 && y <= 1, name);
  }
  const once = { point: { x: 0.5, y: 0.5 }, values: [1], progress: 1 };
  const same = ask({ space: square, history: new Array<Observation>(30).fill(once) });
  assert.notDeepEqual(same, once.point);
});

test('with two objectives it covers more of the front than random search', () => {
  // Schaffer's first problem (1985) in x; y only does harm.
  const values = ({ x = 0, y = 0 }: Point) => [(4 * x - 1) ** 2 + y, (4 * x - 3) ** 2 + y];
  const covered = (sampler: 'tpe' | 'random', seed: number) => {
    const history: Observation[] = [];
    for (let index = 0; index < 60; index++) {
      const point =
        sampler === 'tpe'
          ? ask({ space: square, history, objectives: 2, seed })
          : drawPlainly(square, rng(seed, 'plain', index));
      history.push({ point, values: values(point), progress: 1 });
    }
    const all = history.map((each) => each.values ?? []);
    const front = paretoFront(all).map((index) => all[index] ?? []);
    return hypervolume(front, [10, 10]);
  };
  for (const seed of [1, 2, 3, 4, 5]) {
    assert.ok(covered('tpe', seed) > covered('random', seed), `seed ${seed}`);
  }
});
