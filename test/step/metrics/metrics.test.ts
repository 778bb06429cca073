import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { findKind } from '../../../src/spec/kind.ts';
import type { MetricInput } from '../../../src/step/define.ts';
import { metrics } from '../../../src/step/metrics/index.ts';

interface FixtureSet {
  readonly head: string;
  readonly columns: number;
  readonly predictions: readonly number[];
  readonly labels: readonly number[];
  readonly weights: readonly number[] | null;
  readonly cases: readonly {
    metric: string;
    options: Readonly<Record<string, unknown>>;
    value: number;
  }[];
}
// Made by metrics.py beside it, with scikit-learn and scipy; the versions stand in the file.
const { sets }: { sets: readonly FixtureSet[] } = JSON.parse(
  readFileSync(new URL('../../fixtures/metrics.json', import.meta.url), 'utf8'),
);
const defaults = { threshold: 0.5, average: 'macro', bins: 10 };
const compute = (name: string, input: MetricInput, options: object = {}) =>
  findKind(metrics, name).compute(input, { ...defaults, ...options });
const inputOf = ({
  head,
  columns,
  predictions,
  labels,
  weights,
}: Omit<FixtureSet, 'cases'>): MetricInput => ({
  head,
  columns,
  rows: predictions.length / columns,
  predictions: Float64Array.from(predictions),
  labels: Float64Array.from(labels),
  weights: weights && Float64Array.from(weights),
});

for (const [index, set] of sets.entries()) {
  const { head, predictions, columns, weights, cases } = set;
  test(`set ${index}, ${predictions.length / columns} ${weights ? 'weighted ' : ''}rows of ${head}: ${cases.length} values of scikit-learn to 1e-6`, () => {
    for (const { metric, options, value } of cases) {
      const ours = compute(metric, inputOf(set), options);
      assert.ok(
        Math.abs(ours - value) < 1e-6,
        `${metric} ${JSON.stringify(options)}: ${ours}, not ${value}`,
      );
    }
  });
}

test('every metric was compared, for each kind of head that it fits', () => {
  const compared = new Set(
    sets.flatMap(({ head, cases }) => cases.map(({ metric }) => `${metric} of ${head}`)),
  );
  const offered = metrics.flatMap(({ name, heads }) => heads.map((head) => `${name} of ${head}`));
  // Over the labels of a multilabel head these are the plain forms of the binary ones.
  const exempt = [
    'calibrationError of multilabel',
    'precision of multilabel',
    'recall of multilabel',
  ];
  assert.deepEqual(
    offered.filter((each) => !compared.has(each)),
    exempt,
  );
});

const binary = (scores: readonly number[], labels: readonly number[]) =>
  inputOf({ head: 'binary', columns: 1, predictions: scores, labels, weights: null });

test('with one class only the AUC is not defined', () => {
  assert.ok(Number.isNaN(compute('auc', binary([0.1, 0.9], [1, 1]))));
  assert.ok(Number.isNaN(compute('averagePrecision', binary([0.1, 0.9], [0, 0]))));
  assert.ok(
    Number.isNaN(
      compute(
        'r2',
        inputOf({
          head: 'regression',
          columns: 1,
          predictions: [1, 2],
          labels: [3, 3],
          weights: null,
        }),
      ),
    ),
  );
});

test('the AUC does not change under a monotone transformation, and turns round with the labels', () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 1 })), {
    minLength: 4,
  });
  fc.assert(
    fc.property(rows, (pairs) => {
      const labels = pairs.map(([, label]) => label);
      fc.pre(labels.includes(0) && labels.includes(1));
      const scores = pairs.map(([score]) => score);
      const auc = compute('auc', binary(scores, labels));
      assert.ok(
        Math.abs(
          compute(
            'auc',
            binary(
              scores.map((score) => Math.exp(score / 7)),
              labels,
            ),
          ) - auc,
        ) < 1e-12,
      );
      assert.ok(
        Math.abs(
          compute(
            'auc',
            binary(
              scores,
              labels.map((label) => 1 - label),
            ),
          ) -
            (1 - auc),
        ) < 1e-12,
      );
    }),
  );
});

test('a certain and wrong answer costs a finite log loss', () => {
  assert.ok(Number.isFinite(compute('logLoss', binary([0, 1], [1, 0]))));
});
