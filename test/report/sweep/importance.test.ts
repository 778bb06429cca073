import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { rng } from '../../../src/plan/random.ts';
import { type Axis, effectsOf } from '../../../src/report/sweep/fanova.ts';
import { growForest, predict, type Tree } from '../../../src/report/sweep/forest.ts';
import {
  importanceOf,
  importancesOf,
  type Measured,
} from '../../../src/report/sweep/importance.ts';
import { sweepView } from './made-sweep.ts';

const close = (value: number | undefined, expected: number, tolerance = 1e-12) =>
  assert.ok(Math.abs((value ?? Number.NaN) - expected) <= tolerance, `${value} is not ${expected}`);

const unit: Axis = { shares: null, below: (place) => Math.min(1, Math.max(0, place)) };
const asked = { threshold: null, isLow: new Uint8Array() };

test('a tree worked out on paper: shares of its columns and of the two together', () => {
  // x < ¼ ? 0 : (kind is first ? 4 : 8), with two kinds of which the first takes ⅓ of the space.
  const tree: Tree = {
    ...asked,
    column: 0,
    threshold: 0.25,
    low: { value: 0 },
    high: {
      column: 1,
      threshold: null,
      isLow: Uint8Array.of(1, 0),
      low: { value: 4 },
      high: { value: 8 },
    },
  };
  const kinds: Axis = { shares: Float64Array.of(1 / 3, 2 / 3), below: () => Number.NaN };
  const { main, pair } = effectsOf([tree, { value: 3 }], [unit, kinds]);
  // Mean ¾·(⅓·4 + ⅔·8) = 5; of the squares ¾·(⅓·16 + ⅔·64) = 36: the variance is 11.
  // Over the kinds: 0 and 20/3, so ¼·25 + ¾·(5/3)² = 25/3. Over x: 3 and 6, so ⅓·4 + ⅔·1 = 2.
  assert.equal(main[0]?.length, 1); // the other tree says the same everywhere
  close(main[0]?.[0], 25 / 3 / 11);
  close(main[1]?.[0], 2 / 11);
  close(pair(0, 1)[0], 1 - (25 / 3 + 2) / 11);
  close(pair(1, 0)[0], pair(0, 1)[0] ?? 0);
});

test('the shares of all columns and pairs of a tree of two columns are all of its variance', () => {
  const random = rng(3, 'tree');
  const places = [0, 1].map(() => Float64Array.from({ length: 40 }, () => random.next()));
  const target = Float64Array.from({ length: 40 }, () => random.next());
  const columns = places.map((own) => ({ places: own, categories: null }));
  const { trees } = growForest(columns, target, 5, random);
  const { main, pair } = effectsOf(trees, [unit, unit]);
  for (const [index, both] of pair(0, 1).entries())
    close(both + (main[0]?.[index] ?? 0) + (main[1]?.[index] ?? 0), 1, 1e-9);
});

test('a tree repeats what it was grown on, and parts categories by their means', () => {
  // Two of the four kinds are high; no order of their places could tell them apart with one cut.
  const kinds = Float64Array.from({ length: 400 }, (_, row) => row % 4);
  const target = kinds.map((kind) => (kind === 0 || kind === 2 ? 1 : 5));
  const columns = [{ places: kinds, categories: 4 }];
  const forest = growForest(columns, target, 4, rng(4, 'kinds'));
  for (const tree of forest.trees) {
    for (let row = 0; row < 4; row++) assert.equal(predict(tree, columns, row), target[row]);
    assert.ok(!('value' in tree) && 'value' in tree.low && 'value' in tree.high);
  }
  close(forest.fit, 1);
});

test('numbers next to each other are told apart', () => {
  const next = 0.1 + 2 ** -56;
  const places = Float64Array.from({ length: 20 }, (_, row) => (row % 2 ? next : 0.1));
  const target = places.map((place) => Number(place > 0.1));
  assert.ok(next > 0.1);
  assert.equal(growForest([{ places, categories: null }], target, 3, rng(1, 'near')).fit, 1);
});

interface Case {
  readonly name: string;
  readonly names: readonly string[];
  readonly rows: readonly (readonly number[])[];
  readonly values: readonly number[];
  readonly shares: Readonly<Record<string, number>>;
}
const fixture: { readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL('../../fixtures/importance.json', import.meta.url), 'utf8'),
);

for (const { name, names, rows, values, shares } of fixture.cases) {
  test(`of the function ${name} the shares are those of Optuna within 0.02`, () => {
    const measured = rows.map((row, index) => ({
      parameters: Object.fromEntries(names.map((each, column) => [each, row[column]])),
      value: values[index] ?? 0,
    }));
    const importance = importanceOf(name, measured);
    assert.equal(importance?.parameters.length, names.length);
    for (const own of importance?.parameters ?? []) close(own.share, shares[own.name] ?? 0, 0.02);
  });
}

/** One choice a row, all drawn from the same stream. */
function made(count: number, choice: (random: () => number) => Measured): readonly Measured[] {
  const random = rng(9, 'made');
  return Array.from({ length: count }, () => choice(() => random.next()));
}

test('the shares of an additive function near those worked out on paper, words and steps too', () => {
  // Variances: of 3·kind over {0, 1, 2} 6, of 2·log10 over two decades 4/3, of steps 0 to 3 5/4.
  const measured = made(1000, (random) => {
    const [kind, step] = [Math.floor(3 * random()), Math.floor(4 * random())];
    const rate = 10 ** (-4 + 2 * random());
    const parameters = { kind: ['a', 'b', { c: 1 }][kind], rate, units: 2 ** step };
    return { parameters, value: 3 * kind + 2 * Math.log10(rate) + step };
  });
  const shares = Object.fromEntries(
    (importanceOf('made', measured)?.parameters ?? []).map(({ name, share }) => [name, share]),
  );
  const whole = 6 + 4 / 3 + 5 / 4;
  close(shares.kind, 6 / whole, 0.02);
  close(shares.rate, 4 / 3 / whole, 0.02);
  close(shares.units, 5 / 4 / whole, 0.02);
});

test('what decides whether another is set gets the share, and not what it sets', () => {
  const measured = made(200, (random) => {
    const isFast = random() < 0.5;
    const noise = 0.01 * random();
    const parameters = {
      ...(isFast ? { momentum: random() } : {}),
      optimizer: isFast ? 'sgd' : 'adam',
    };
    return { parameters, value: Number(isFast) + noise };
  });
  const [first, second] = importanceOf('made', measured)?.parameters ?? [];
  assert.equal(first?.name, 'optimizer');
  assert.ok((first?.share ?? 0) > 0.95, `${first?.share}`);
  assert.ok((second?.share ?? 1) < 0.02, `${second?.share}`);
});

test('parameters that change together are one', () => {
  const measured = made(60, (random) => {
    const size = Math.floor(4 * random());
    const parameters = { width: 8 * (size + 1), depth: ['a', 'b', 'c', 'd'][size], rate: random() };
    return { parameters, value: size };
  });
  const [first] = importanceOf('made', measured)?.parameters ?? [];
  assert.equal(first?.name, 'width + depth');
  assert.deepEqual(first?.paths, ['width', 'depth']);
  assert.ok((first?.share ?? 0) > 0.9, `${first?.share}`);
});

test('each task has its own shares, by the means over the replicates, and the same ones again', () => {
  const random = rng(2, 'tasks');
  const view = sweepView(
    [{ metric: 'validation/ill/auc', direction: 'maximize' }],
    Array.from({ length: 80 }, () => {
      const [rate, units, noise] = [random.next(), random.next(), 5 * random.next()];
      return {
        parameters: { rate, units },
        values: {
          'validation/ill/auc': [rate + noise, rate - noise],
          'validation/stay/mae': [units, units],
        },
      };
    }),
  );
  const [ill, stay] = importancesOf(view);
  assert.deepEqual([ill?.metric, stay?.metric], ['validation/ill/auc', 'validation/stay/mae']);
  assert.equal(ill?.parameters[0]?.name, 'rate');
  assert.equal(stay?.parameters[0]?.name, 'units');
  assert.deepEqual(importancesOf(view), [ill, stay]);
});

test('nothing is said of few choices, of one parameter, or of a metric that never differs', () => {
  const choice = (random: () => number) => ({
    parameters: { rate: random(), units: random() },
    value: random(),
  });
  assert.equal(importanceOf('made', made(9, choice)), null);
  assert.notEqual(importanceOf('made', made(10, choice)), null);
  assert.equal(
    importanceOf(
      'made',
      made(50, (random) => ({ ...choice(random), value: 1 })),
    ),
    null,
  );
  const one = (random: () => number) => ({
    parameters: { rate: random(), fixed: 3 },
    value: random(),
  });
  assert.equal(importanceOf('made', made(50, one)), null);
});

test('noise is told from what matters by how little of unseen choices the forest tells', () => {
  const noise = importanceOf(
    'noise',
    made(200, (random) => ({ parameters: { a: random(), b: random() }, value: random() })),
  );
  assert.ok((noise?.fit ?? 1) < 0.1, `${noise?.fit}`);
});

test('of more than a thousand choices a thousand are drawn, and tell what matters', () => {
  const names = Array.from({ length: 10 }, (_, index) => `p${index}`);
  const measured = made(3000, (random) => {
    const parameters = Object.fromEntries(names.map((name) => [name, random()]));
    return { parameters, value: Math.sin(6 * (parameters.p0 ?? 0)) + (parameters.p1 ?? 0) };
  });
  const importance = importanceOf('made', measured);
  assert.deepEqual([importance?.choices, importance?.of], [1000, 3000]);
  assert.deepEqual(
    importance?.parameters.slice(0, 2).map(({ name }) => name),
    ['p0', 'p1'],
  );
});
