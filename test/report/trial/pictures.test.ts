import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ticksOf, tickText } from '../../../src/report/trial/axes.ts';
import { rangeFor } from '../../../src/report/trial/calibration-plot.ts';
import { trialPlots } from '../../../src/report/trial/index.ts';
import type { HeadPredictions, Predictions } from '../../../src/report/trial/predictions.ts';
import { fitted, textWidth } from '../../../src/report/trial/svg.ts';
import { madeHeads, madeTrial } from './made-trial.ts';
import { readPicture } from './xml.ts';

fc.configureGlobal({ seed: 1 });

const predictionsOf = (heads: Readonly<Record<string, HeadPredictions>>): Predictions => ({
  rows: 0,
  rowNumbers: new Float64Array(),
  heads,
});

/** The texts of the pictures of a head, by file. */
const wordsOf = (own: HeadPredictions) => {
  const predictions = predictionsOf({ own });
  const plots = trialPlots({ trial: madeTrial, heads: madeHeads, predictions });
  return Object.fromEntries(
    Object.entries(plots).map(([file, svg]) => [file, readPicture(svg).words]),
  );
};

const binary = (labels: readonly number[], probabilities: readonly number[]): HeadPredictions => ({
  kind: 'binary',
  labels: Float64Array.from(labels),
  probabilities: Float64Array.from(probabilities),
});
const { NaN: none } = Number;

test('curves show every loss and metric of the tasks with its value at the best epoch', () => {
  const plots = trialPlots({ trial: madeTrial, heads: madeHeads, predictions: null });
  assert.deepEqual(Object.keys(plots), ['curves.svg']);
  const { words } = readPicture(plots['curves.svg'] ?? '');
  assert.deepEqual(words.slice(0, 3), [
    'ill, stay: learning curves by epoch',
    'ill, stay: learning curves by epoch',
    'Trial 12 · units 64 · stay.weight 0.3 · replicate 2 · best after epoch 2 of 3',
  ]);
  const pairs = words.flatMap((word, at) =>
    ['loss', 'auc', 'mae', 'r2'].includes(word) ? [`${word} ${words[at + 1]}`] : [],
  );
  assert.deepEqual(pairs, ['loss 0.5000', 'auc 0.7500', 'loss 0.2500', 'mae 2.000', 'r2 NaN']);
  assert.equal(words.filter((word) => word === 'not a number in any epoch').length, 1);
});

test('a trial without an epoch has a picture that says why', () => {
  const reason = 'the loss of task "ill" is NaN at step 3 <b>';
  const trial = { ...madeTrial, curve: [], bestEpoch: null, status: 'failed', reason } as const;
  const { 'curves.svg': svg = '' } = trialPlots({ trial, heads: {}, predictions: null });
  assert.ok(readPicture(svg).words.includes(`It failed: ${reason}`));
});

test('a control is called what it is, and no peak of thousands of epochs is lost', () => {
  const curve = Array.from({ length: 3000 }, (_, epoch) => ({
    'train/ill/loss': 1,
    'validation/ill/loss': epoch === 1234 ? 7 : 1,
  }));
  const trial = { ...madeTrial, tasks: ['ill'], control: 'singleTask', curve } as const;
  const { 'curves.svg': svg = '' } = trialPlots({ trial, heads: madeHeads, predictions: null });
  const { words, elements } = readPicture(svg);
  assert.match(words[2] ?? '', /^Trial 12: ill alone · /);
  const lines = elements.filter(({ name }) => name === 'polyline');
  const tops = lines.map(({ attributes }) => {
    const heights = (attributes.points ?? '')
      .split(' ')
      .map((point) => Number(point.split(',')[1]));
    assert.ok(heights.length <= 602);
    return new Set(heights).size;
  });
  assert.deepEqual(tops, [1, 2]);
});

test('a confusion matrix shows counts, parts of rows, and the rates of each class', () => {
  const words = wordsOf(
    binary([1, 1, 1, 1, 0, 0, 0, 0, 0], [0.9, 0.8, 0.7, 0.2, 0.1, 0.1, 0.3, 0.6, none]),
  )['own/confusion.svg'];
  assert.deepEqual(words, [
    'own: accuracy 0.7500, balanced 0.7500',
    'own: accuracy 0.7500, balanced 0.7500',
    'Trial 12 · units 64 · stay.weight 0.3 · replicate 2 · test split · 8 rows',
    'predicted',
    'label',
    ...['0', '1', '0', '1'],
    ...['3', '75 %', '1', '25 %'],
    ...['1', '25 %', '3', '75 %'],
    ...['rows', 'recall', 'precision'],
    ...['4', '0.7500', '0.7500'],
    ...['4', '0.7500', '0.7500'],
    'A row adds up to 100 %. Blue: right; orange: wrong.',
  ]);
});

test('of more than twelve classes the rarest become one, so that each row still adds up', () => {
  const classes = Array.from({ length: 20 }, (_, at) => `class ${at}`);
  const labels = Int32Array.from(classes.flatMap((_, at) => new Array(30 - at).fill(at)));
  const predictions = { kind: 'multiclass', classes, labels, predicted: labels } as const;
  const words = wordsOf({ ...predictions, confidences: new Float64Array(labels.length).fill(0.9) })[
    'own/confusion.svg'
  ];
  assert.ok(words?.includes('9 others'));
  assert.ok(words?.includes('class 10') && !words.includes('class 11'));
  // The classes 11 to 19 have 19 + … + 11 rows.
  assert.equal(words?.filter((word) => word === '135').length, 2);
});

test('a calibration has its scores in the title and its bins as a table', () => {
  const words = wordsOf(binary([0, 0, 1, 0, 1, 1, 1], [0, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9]));
  // ((0.1² + 0.8² + 0.4²) + (0.4² + 0.2² + 0.1²)) / 7; one bin: |3/7 - 4/7|
  assert.equal(words['own/calibration.svg']?.[0], 'own: calibration, Brier 0.1457, ECE 0.1429');
  assert.ok(words['own/calibration.svg']?.includes('0.250 to 0.842'));
});

test('of labels that are predicted at once, each has its bars and all of them one calibration', () => {
  const words = wordsOf({
    kind: 'multilabel',
    names: ['rash', 'fever'],
    labels: [Float64Array.of(1, 0), Float64Array.of(1, 1)],
    probabilities: [Float64Array.of(0.9, 0.2), Float64Array.of(0.1, 0.8)],
  });
  assert.equal(words['own/confusion.svg']?.[0], 'own: mean F1 0.8333 over 2 labels');
  assert.ok(words['own/confusion.svg']?.includes('fever'));
  assert.match(words['own/calibration.svg']?.[2] ?? '', /4 labels of rows$/);
});

test('a regression has its errors in the title', () => {
  const words = wordsOf({
    kind: 'regression',
    labels: Float64Array.of(1, 5, 3, 2, 8, none),
    values: Float64Array.of(1.5, 4, 3.25, 2, 6, 1),
  })['own/predicted-against-true.svg'];
  assert.equal(words?.[0], 'own: MAE 0.7500, R² 0.8275, RMSE 1.031');
  assert.match(words?.[2] ?? '', /test split · 5 rows$/);
});

test('predictions that are no numbers, or rows without labels, give pictures that say so', () => {
  const nans = [none, none, none];
  const kinds: readonly HeadPredictions[] = [
    binary([0, 1, 1], nans),
    binary(nans, [0.1, 0.5, 0.9]),
    binary([], []),
    { kind: 'regression', labels: Float64Array.of(1, 2), values: Float64Array.of(none, none) },
    { kind: 'multilabel', names: [], labels: [], probabilities: [] },
    {
      kind: 'multiclass',
      classes: ['a', 'b'],
      labels: Int32Array.of(-1),
      predicted: Int32Array.of(0),
      confidences: Float64Array.of(0.5),
    },
  ];
  for (const kind of kinds) {
    const { 'curves.svg': _, ...pictures } = wordsOf(kind);
    for (const words of Object.values(pictures))
      assert.match(words.at(-1) ?? '', /^No row has both (a )?labels? and (a )?pr/);
  }
});

test('without a test split the pictures are of the validation split', () => {
  const trial = { ...madeTrial, metrics: { 'validation/ill/auc': 0.7 } };
  const predictions = predictionsOf({ ill: binary([1], [0.5]) });
  const plots = trialPlots({ trial, heads: madeHeads, predictions });
  assert.match(plots['ill/confusion.svg'] ?? '', /validation split/);
});

const anyNumber = fc.oneof(
  fc.double(),
  fc.constantFrom(0, 1, 0.5, 1e308, -1e308, 5e-324),
  fc.double({ min: 0, max: 1 }),
);
const numbers = fc.array(anyNumber, { maxLength: 60 }).map((values) => Float64Array.from(values));
const names = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 16 });
const anyHead: fc.Arbitrary<HeadPredictions> = fc.oneof(
  fc.record({ kind: fc.constant('regression' as const), labels: numbers, values: numbers }),
  fc.record({ kind: fc.constant('binary' as const), labels: numbers, probabilities: numbers }),
  fc.record({
    kind: fc.constant('multilabel' as const),
    names,
    labels: fc.array(numbers),
    probabilities: fc.array(numbers),
  }),
  fc.record({
    kind: fc.constant('multiclass' as const),
    classes: names,
    labels: fc.array(fc.integer({ min: -1, max: 20 })).map((values) => Int32Array.from(values)),
    predicted: fc.array(fc.integer({ min: -1, max: 20 })).map((values) => Int32Array.from(values)),
    confidences: numbers,
  }),
);

test('whatever the numbers and the words, every picture is well-formed', () => {
  const words = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.constant(']]>&amp;<"\u0000\ud800'),
  );
  const metrics = fc.dictionary(
    fc.constantFrom('validation/a/loss', 'train/a/loss', 'validation/a/m'),
    anyNumber,
  );
  const trial = fc.record({
    tasks: fc.constantFrom([], ['a'], ['a', 'b']),
    control: fc.constantFrom(null, 'singleTask' as const),
    parameters: fc.dictionary(words, fc.oneof(words, anyNumber)),
    curve: fc.array(metrics, { maxLength: 5 }),
    bestEpoch: fc.option(fc.nat(7)),
    reason: fc.option(words),
  });
  const heads = fc.record({
    type: words,
    target: fc.constant([]),
    metrics: fc.constant([{ name: 'm', direction: 'minimize' as const }]),
  });
  fc.assert(
    fc.property(trial, heads, words, anyHead, (changes, record, head, own) => {
      const plots = trialPlots({
        trial: { ...madeTrial, ...changes },
        heads: { a: record },
        predictions: predictionsOf({ [head]: own }),
      });
      for (const svg of Object.values(plots)) {
        const { elements } = readPicture(svg);
        assert.equal(elements[0]?.attributes.width, '960');
      }
    }),
    { numRuns: 300 },
  );
});

test('ticks are round numbers within a range, and never too many', () => {
  assert.deepEqual(ticksOf([0.1, 0.93]), [0.2, 0.4, 0.6, 0.8]);
  assert.deepEqual(ticksOf([-7, 12], 4), [-5, 0, 5, 10]);
  assert.deepEqual(ticksOf([1, 1]), []);
  assert.deepEqual(ticksOf([-1e-323, 5e-324]), []);
  assert.deepEqual([0.65, 1500, 2e-7, -3e12, 0].map(tickText), [
    '0.65',
    '1500',
    '2e-7',
    '-3e12',
    '0',
  ]);
  fc.assert(
    fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (low, high) => {
      const ticks = ticksOf([low, high]);
      assert.ok(ticks.length <= 50);
      for (const tick of ticks) assert.ok(Number.isFinite(tick));
    }),
  );
});

test('a calibration in a small part of [0, 1] is seen near by', () => {
  const bin = (predicted: number, low: number, high: number) =>
    ({ predicted, observed: predicted, rows: 9, interval: [low, high] }) as const;
  assert.deepEqual(rangeFor([bin(0.004, 0.001, 0.008), bin(0.01, 0.006, 0.031)]), [0, 0.04]);
  assert.deepEqual(rangeFor([bin(0.1, 0.05, 0.3), bin(0.9, 0.7, 0.95)]), [0, 1]);
});

test('what is too wide is cut', () => {
  assert.equal(fitted('short', 100, 13), 'short');
  const cut = fitted('a name that goes on and on', 100, 13);
  assert.match(cut, /^a name.*…$/);
  assert.ok(textWidth(cut, 13) <= 100);
});
