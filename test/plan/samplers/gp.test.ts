import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation } from '../../../src/plan/define-sampler.ts';
import { rng } from '../../../src/plan/random.ts';
import { layOut, rowOf } from '../../../src/plan/samplers/gp/features.ts';
import { gp } from '../../../src/plan/samplers/gp.ts';
import { sobolPoint } from '../../../src/plan/samplers/sobol.ts';
import { type Point, pointKey, type SearchSpace } from '../../../src/spec/space/search-space.ts';
import { branin, hartmann6, mixed } from './functions.ts';
import { observed } from './observed.ts';

const options = { startupTrials: 10, candidates: 300 };
const streamOf =
  (seed: number) =>
  (...purpose: readonly (string | number)[]) =>
    rng(seed, ...purpose);

interface Asked {
  readonly space: SearchSpace;
  readonly history: readonly Observation[];
  readonly pending?: readonly Point[];
  readonly index?: number;
  readonly seed?: number;
  readonly objectives?: number;
}

function propose({ space, history, pending = [], seed = 1, objectives = 1, index }: Asked): Point {
  const asked = { space, history, pending, objectives, stream: streamOf(seed), options };
  const point = gp.propose({ ...asked, index: index ?? history.length + pending.length });
  assert.ok(point);
  return point;
}

test('thirty trials come within 2 % of the range of the minimum, with each of three seeds', () => {
  const { space, value, minimum, range } = branin;
  for (let seed = 0; seed < 3; seed++) {
    const history: Observation[] = [];
    for (let index = 0; index < 30; index++) {
      const point = propose({ space, history, seed });
      history.push({ point, values: [value(point)], progress: 1 });
    }
    const least = Math.min(...history.map(({ values }) => values?.[0] ?? Number.NaN));
    assert.ok(least - minimum < 0.02 * range, `seed ${seed}: ${least}`);
  }
});

test('unless told otherwise the process is asked after one point more than there are dimensions', () => {
  const { space } = hartmann6;
  const proposed = (index: number) => {
    const history = observed(space, index, (point) => [hartmann6.value(point)]);
    const asked = { space, history, index, pending: [], objectives: 1, stream: streamOf(1) };
    const point = gp.propose({ ...asked, options: { startupTrials: null, candidates: 300 } });
    return { point, drawn: sobolPoint(asked, { scramble: true }) };
  };
  const [last, first] = [proposed(6), proposed(7)];
  assert.deepEqual(last.point, last.drawn);
  assert.notDeepEqual(first.point, first.drawn);
});

test('the same request gives the same point, whatever was asked in between', () => {
  const history = observed(mixed.space, 15, (point) => [mixed.value(point)]);
  const first = propose({ space: mixed.space, history });
  const other = propose({ space: mixed.space, history, index: 99 });
  assert.deepEqual(propose({ space: mixed.space, history }), first);
  assert.notDeepEqual(other, first);
});

test('workers at once are sent to different places', () => {
  const history = observed(branin.space, 15, (point) => [branin.value(point)]);
  const pending: Point[] = [];
  for (let worker = 0; worker < 4; worker++) {
    pending.push(propose({ space: branin.space, history, pending }));
  }
  const rows = pending.map((point) => rowOf(layOut(branin.space), point));
  rows.forEach(([x = 0, y = 0], one) => {
    for (const [otherX = 0, otherY = 0] of rows.slice(one + 1)) {
      assert.ok(Math.hypot(x - otherX, y - otherY) > 0.01, `${rows}`);
    }
  });
});

test('a half of the space that fails is left alone before long', () => {
  const space: SearchSpace = {
    dimensions: [0, 1].map((axis) => ({
      name: `x${axis}`,
      distribution: { type: 'float', low: 0, high: 1, log: false, step: null },
      when: [],
    })),
  };
  // The better the nearer to the edge beyond which all fail.
  const value = ({ x0 = 0, x1 = 0 }: Point) => (x0 > 0.5 ? null : [1 - x0 + (x1 - 0.5) ** 2]);
  const failures = [1, 2, 3, 4, 5, 6].map((seed) => {
    const history: Observation[] = [];
    for (let index = 0; index < 40; index++) {
      const point = propose({ space, history, seed });
      history.push({ point, values: value(point), progress: 1 });
    }
    const least = Math.min(...history.map(({ values }) => values?.[0] ?? 1));
    assert.ok(least < 0.54, `seed ${seed}: ${least}`);
    return history.slice(20).filter(({ values }) => values === null).length;
  });
  // Along the edge, where the best is, some will always fall on the wrong side.
  const mean = failures.reduce((sum, each) => sum + each / failures.length, 0);
  assert.ok(mean <= 12, `${failures} of 20`);
});

test('no point twice, and when all were tried it still answers', () => {
  const space: SearchSpace = {
    dimensions: [
      { name: 'a', distribution: { type: 'category', count: 4 }, when: [] },
      { name: 'b', distribution: { type: 'int', low: 1, high: 4, log: true, step: 1 }, when: [] },
    ],
  };
  const history: Observation[] = [];
  for (let index = 0; index < 17; index++) {
    const point = propose({ space, history });
    history.push({ point, values: [(point.a ?? 0) + (point.b ?? 0)], progress: 1 });
  }
  const keys = history.slice(0, 16).map(({ point }) => pointKey(point));
  const startup = new Set(keys.slice(0, 10)).size;
  assert.equal(new Set(keys).size, startup + 6);
});

test('equal values, constant dimensions and nothing but failures are no obstacle', () => {
  const space: SearchSpace = {
    dimensions: [
      {
        name: 'a',
        distribution: { type: 'float', low: 2, high: 2, log: true, step: null },
        when: [],
      },
      { name: 'b', distribution: { type: 'normal', mean: 0, standardDeviation: 3 }, when: [] },
    ],
  };
  const flat = observed(space, 12, () => [1]);
  assert.equal(propose({ space, history: flat }).a, 2);
  const huge = observed(space, 12, ({ b = 0 }) => [1e300 * b]);
  assert.ok(Number.isFinite(propose({ space, history: huge }).b));
  const failed = observed(space, 12, () => null);
  assert.equal(propose({ space, history: failed }).a, 2);
});

test('two objectives: the front is found between the minima', () => {
  const { space } = hartmann6;
  const value = (point: Point) => {
    const to = (goal: number) => Object.values(point).reduce((sum, x) => sum + (x - goal) ** 2, 0);
    return [to(0.2), to(0.8)];
  };
  const history: Observation[] = [];
  for (let index = 0; index < 30; index++) {
    const point = propose({ space, history, objectives: 2 });
    history.push({ point, values: value(point), progress: 1 });
  }
  // On the front the roots add up to √(6·0.6²) = 1.4697; at random to about 1.9.
  const sums = history
    .slice(10)
    .map(({ values }) => (values ?? []).reduce((sum, each) => sum + Math.sqrt(each), 0));
  const mean = sums.reduce((sum, each) => sum + each, 0) / sums.length;
  assert.ok(mean < 1.75, `${mean}`);
});

test('ten thousand observations in six dimensions are thinned out before they are looked at', () => {
  const proposed = (length: number) => {
    const history = observed(hartmann6.space, length, (point) => [hartmann6.value(point)]);
    const asked = { space: hartmann6.space, history, index: length, pending: [], objectives: 1 };
    const defaults = { startupTrials: null, candidates: 1000 };
    return gp.propose({ ...asked, stream: streamOf(1), options: defaults });
  };
  const point = proposed(10_000);
  assert.equal(Object.keys(point ?? {}).length, 6);
  const known = observed(hartmann6.space, 10_000, () => [0]);
  assert.ok(known.every((each) => pointKey(each.point) !== pointKey(point ?? {})));
});
