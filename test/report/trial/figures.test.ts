import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  brierScore,
  calibrationBins,
  calibrationError,
  forecastsOf,
  quantile,
} from '../../../src/report/trial/calibration.ts';
import { confusionOf } from '../../../src/report/trial/confusion.ts';
import { labelRates } from '../../../src/report/trial/labels.ts';
import { alike, errorsOf, pairsOf, thinned } from '../../../src/report/trial/regression.ts';

const { NaN: none, POSITIVE_INFINITY: infinity } = Number;

const close = (found: readonly number[], expected: readonly number[], tolerance = 1e-12) => {
  assert.equal(found.length, expected.length);
  for (const [at, value] of found.entries())
    assert.ok(
      Math.abs(value - (expected[at] ?? none)) < tolerance,
      `${value} is not ${expected[at]}`,
    );
};

const probabilities = [
  0.267, 0.732, 0.677, 0.473, 0.403, 0.136, 0.136, 0.136, 0.369, 0.279, 0.097, 0.468, 0.475, 0.163,
  0.675, 0.133, 0.349, 0.359, 0.816, 0.785, 0.769, 0.15, 0.506, 0.07, 0.45, 0.428, 0.259, 0.198,
  0.26, 0.135, 0.697, 0.518, 0.411, 0.405, 0.625, 0.542, 0.882, 0.504, 0.74, 0.29,
];
const outcomes = [
  0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0,
  1, 0, 1, 1, 1, 1, 0,
];

// calibration_curve(outcomes, probabilities, n_bins=4, strategy='quantile') and brier_score_loss of
// scikit-learn, proportion_confint(…, method='wilson') of statsmodels.
test('bins of the calibration, their intervals and the scores are those of scikit-learn and statsmodels', () => {
  const forecasts = forecastsOf(probabilities, outcomes);
  const bins = calibrationBins(forecasts);
  assert.deepEqual(
    bins.map(({ rows }) => rows),
    [10, 10, 10, 10],
  );
  close(
    bins.map(({ observed }) => observed),
    [0, 0.3, 0.5, 0.7],
  );
  close(
    bins.map(({ predicted }) => predicted),
    [0.1354, 0.324, 0.4775, 0.7398],
  );
  close(
    bins.flatMap(({ interval }) => interval),
    [
      0, 0.27753279986288926, 0.10779126740630104, 0.6032218525388546, 0.23659309051256394,
      0.7634069094874361, 0.39677814746114537, 0.8922087325936989,
    ],
    1e-9,
  );
  close([brierScore(forecasts)], [0.158286825]);
  close([calibrationError(bins)], [0.055425]);
});

test('rows of the same probability are in the same bin', () => {
  const same = [...new Array(15).fill(0.2), ...new Array(15).fill(0.7)];
  const hits = same.map((_, row) => Number((row >= 12 && row < 15) || row >= 20));
  const bins = calibrationBins(forecastsOf(same, hits));
  assert.deepEqual(
    bins.map(({ rows }) => rows),
    [15, 15],
  );
  close(
    bins.map(({ observed }) => observed),
    [3 / 15, 10 / 15],
  );
});

test('a row without a label or a probability counts in no bin', () => {
  const bins = calibrationBins(forecastsOf([0.25, none, 0.75, 0.5], [1, 1, none, 0]));
  assert.deepEqual(
    bins.map(({ predicted, observed, rows }) => [predicted, observed, rows]),
    [[0.375, 0.5, 2]],
  );
  assert.deepEqual(calibrationBins(forecastsOf([none, none], [1, 0])), []);
});

test('quantiles lie on a straight line between their neighbours', () => {
  // numpy.quantile([3, 1, 4, 1, 5, 9, 2, 6], [0.05, 0.5, 0.95])
  const sorted = [1, 1, 2, 3, 4, 5, 6, 9];
  close(
    [0.05, 0.5, 0.95].map((part) => quantile(sorted, part)),
    [1, 3.5, 7.95],
  );
});

test('errors of a regression are those of scikit-learn', () => {
  // mean_absolute_error, r2_score, the root of mean_squared_error
  const pairs = pairsOf({
    labels: Float64Array.of(1, 5, none, 3, 2, 8, 7),
    values: Float64Array.of(1.5, 4, 9, 3.25, 2, 6, infinity),
  });
  assert.deepEqual([...pairs.labels], [1, 5, 3, 2, 8]);
  const { mae, r2, rmse } = errorsOf(pairs);
  close([mae, r2, rmse], [0.75, 0.8275162337662337, 1.0307764064044151]);
  const same = Float64Array.of(3, 3);
  assert.ok(Number.isNaN(errorsOf({ labels: same, values: Float64Array.of(2, 4) }).r2));
});

test('of many points the same rows are drawn for every trial, evenly over all of them', () => {
  const labels = Float64Array.from({ length: 4500 }, (_, row) => row);
  const points = thinned({ labels, values: labels });
  assert.equal(points.length, 1500);
  assert.deepEqual(points.slice(0, 3), [
    [0, 0],
    [3, 3],
    [6, 6],
  ]);
  assert.deepEqual(points.at(-1), [4497, 4497]);
  assert.equal(thinned({ labels: labels.subarray(0, 7), values: labels }).length, 7);
});

test('rows with alike predictions are taken together', () => {
  // 40 rows: two parts of twenty, by the median of the predictions.
  const values = Float64Array.from({ length: 40 }, (_, row) => 39 - row);
  const labels = values.map((value) => 2 * value);
  assert.deepEqual(alike({ labels, values }), [
    [19, 9.5],
    [59, 29.5],
  ]);
  assert.deepEqual(alike({ labels: labels.subarray(0, 5), values: values.subarray(0, 5) }), []);
});

test('a confusion matrix counts labels by row and predictions by column', () => {
  const binary = confusionOf({
    kind: 'binary',
    labels: Float64Array.of(1, 1, 0, 0, none, 1),
    probabilities: Float64Array.of(0.5, 0.25, 0.75, 0.1, 0.9, none),
  });
  assert.deepEqual(binary.counts, [
    [1, 1],
    [1, 1],
  ]);
  const multiclass = confusionOf({
    kind: 'multiclass',
    classes: ['a', 'b', 'c'],
    labels: Int32Array.of(0, 0, 1, 2, -1, 2),
    predicted: Int32Array.of(0, 2, 1, 2, 0, -1),
    confidences: new Float64Array(6),
  });
  assert.deepEqual(multiclass.counts, [
    [1, 0, 1],
    [0, 1, 0],
    [0, 0, 1],
  ]);
});

test('each label of a multilabel head has its precision, its recall and their mean', () => {
  const [first, never] = labelRates({
    kind: 'multilabel',
    names: ['first', 'never'],
    labels: [Float64Array.of(1, 1, 1, 0, 0), Float64Array.of(0, 0, 0, 0, none)],
    probabilities: [Float64Array.of(0.9, 0.8, 0.1, 0.7, 0.2), new Float64Array(5)],
  });
  // Two of three are found, two of three that were said are there.
  assert.deepEqual(
    [first?.rows, first?.positives, first?.precision, first?.recall, first?.f1],
    [5, 3, 2 / 3, 2 / 3, 2 / 3],
  );
  assert.deepEqual([never?.rows, never?.positives, never?.recall], [4, 0, none]);
});
