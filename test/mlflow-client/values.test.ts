import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterKey, filterText, MlflowError } from '../../src/mlflow-client-ts/index.ts';
import type { GivenTexts } from '../../src/mlflow-client-ts/types.ts';
import {
  readNumber,
  wireId,
  wireInteger,
  wireJson,
  wireNumber,
  wireTime,
} from '../../src/mlflow-client-ts/values.ts';
import {
  cutText,
  textKinds,
  wireDataset,
  wireMetric,
  wireTexts,
} from '../../src/mlflow-client-ts/write-wire.ts';

const request = 'POST /api/2.0/mlflow/runs/log-batch';
const silent = () => assert.fail('nothing is to be said');
const params = (texts: GivenTexts) => wireTexts(texts, textKinds.param, request, silent);

/** For what a caller without types may give. */
const untyped = <Value>(value: unknown) => value as Value;

test('NaN and infinities are spelled out, and read back', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0.5, 0])
    assert.deepEqual(readNumber(JSON.parse(JSON.stringify(wireNumber(value)))), value);
  // What MLflow's database makes of infinities.
  assert.equal(readNumber(1.7976931348623157e308), Number.POSITIVE_INFINITY);
  assert.equal(readNumber(-1.7976931348623157e308), Number.NEGATIVE_INFINITY);
  assert.equal(readNumber('0.25'), 0.25);
});

test('times and steps lose their fraction, and are refused beyond 53 bits', () => {
  assert.equal(wireInteger(1.9, 'the step', request), 1);
  assert.equal(wireInteger(-5.5, 'the step', request), -5);
  assert.equal(wireTime(1795488714348.25, 'the time', request), 1795488714348);
  assert.ok(Object.is(wireInteger(-0.5, 'the step', request), 0));
  for (const bad of [1e21, 2 ** 53, Number.NaN, '12', null, undefined, 12n])
    assert.throws(() => wireInteger(bad, 'the step', request), MlflowError);
  assert.throws(() => wireTime(-1, 'the time', request), /milliseconds since 1970, got -1/);
});

test('parameters and tags are texts, whatever they were', () => {
  assert.deepEqual(params({ a: 3, b: true, c: 'x', d: '', e: 12n, f: Number.NaN }), [
    { key: 'a', value: '3' },
    { key: 'b', value: 'true' },
    { key: 'c', value: 'x' },
    { key: 'd', value: '' },
    { key: 'e', value: '12' },
    { key: 'f', value: 'NaN' },
  ]);
});

test('what is no text is refused by its name', () => {
  const cases: readonly (readonly [unknown, string])[] = [
    [null, 'null'],
    [undefined, 'undefined'],
    [{ deep: 1 }, 'an object'],
    [[1], 'a list'],
  ];
  for (const [value, shown] of cases)
    assert.throws(
      () => params(untyped({ rate: value })),
      (error) =>
        error instanceof MlflowError &&
        error.code === 'INVALID_ARGUMENT' &&
        error.message ===
          `${request}: the param "rate" must be a text, a number or a boolean, got ${shown}`,
    );
});

test('a parameter that is given twice counts once, unless its values differ', () => {
  const twice = [
    { key: 'a', value: 1 },
    { key: 'a', value: '1' },
  ];
  assert.deepEqual(params(twice), [{ key: 'a', value: '1' }]);
  const other = [...twice, { key: 'a', value: 2 }];
  assert.throws(() => params(other), /the param "a" has two values: "1" and "2"/);
  const tags = wireTexts(other, textKinds.tag, request, silent);
  assert.deepEqual(tags, [{ key: 'a', value: '2' }]);
});

test('a key is refused before it takes a whole batch with it', () => {
  const expected = /the param "lr=1" has no valid key: only letters, digits/;
  assert.throws(() => params({ 'lr=1': 1 }), expected);
  assert.throws(() => wireMetric({ key: 'a//b', value: 1 }, 0, request), /the metric "a\/\/b"/);
});

test('a longer text is cut as MLflow cuts it, and somebody is told', () => {
  const told: string[] = [];
  const [tag] = wireTexts({ note: '😀'.repeat(8001) }, textKinds.tag, request, (line) =>
    told.push(line),
  );
  assert.equal([...(tag?.value ?? '')].length, 8000);
  assert.deepEqual(told, ['MLflow keeps 8000 of the 8001 characters of the tag "note"']);
  // 8000 characters of two UTF-16 units each are not too many.
  assert.equal(cutText('😀'.repeat(8000), 8000, 'it', silent).length, 16_000);
});

test('what MLflow refuses for its length is named', () => {
  const experimentTag = () =>
    wireTexts({ view: 'x'.repeat(20_001) }, textKinds.experimentTag, request, silent);
  assert.throws(experimentTag, /the tag "view" has 20001 characters, 20000 are allowed/);
  const dataset = { name: 'd', digest: 'x'.repeat(37), sourceType: 'local', source: '{}' };
  assert.throws(
    () => wireDataset(dataset, request, silent),
    /the data set's digest has 37 characters, 36 are allowed/,
  );
});

test('a metric is a number at a whole time', () => {
  assert.deepEqual(wireMetric({ key: 'a', value: Number.NaN, step: 1.5 }, 7, request), {
    key: 'a',
    value: 'NaN',
    timestamp: 7,
    step: 1,
  });
  for (const value of [null, undefined, '0.5', true])
    assert.throws(
      () => wireMetric({ key: 'a', value: untyped(value) }, 7, request),
      /the metric "a" must be a number/,
    );
});

test('half a surrogate pair and a zero byte never reach the server', () => {
  const sent = wireJson({ a: ['x\ud800y', 'x\0y', '\\ud800', '😀'], b: 1 });
  assert.deepEqual(JSON.parse(sent), { a: ['x\uFFFDy', 'x\uFFFDy', '\\ud800', '😀'], b: 1 });
});

test('an empty id is refused: its path would be that of something else', () => {
  assert.equal(wireId(12, 'the experiment', request), '12');
  assert.throws(() => wireId('', 'the run', request), /the run must not be empty/);
  assert.throws(() => wireId(undefined, 'the run', request), /the run must be a text/);
});

test('a filter takes the quotes that its text leaves free', () => {
  assert.equal(filterText('a'), "'a'");
  assert.equal(filterText("it's"), `"it's"`);
  assert.throws(() => filterText(`it's "mine"`), /both kinds of quotes/);
  assert.equal(filterKey('metrics', 'validation/loss'), 'metrics.`validation/loss`');
});
