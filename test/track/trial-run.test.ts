import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyProblem, textLimits } from '../../src/mlflow-client-ts/index.ts';
import { choiceOf, parameterKey, parameterText, sourceTags } from '../../src/track/trial-run.ts';
import { madeRecords } from './made-run.ts';

test('numbers, names and switches are parameters as they are written', () => {
  assert.deepEqual([0.1, 'relu', 'a b', true, null].map(parameterText), [
    '0.1',
    'relu',
    'a b',
    'true',
    'null',
  ]);
});

test('blocks that MLflow would cut to the same beginning stay different', () => {
  const long = (last: number) => [
    ...Array.from({ length: 500 }, () => ({ dense: { units: 8, activation: 'relu' } })),
    { dropout: last },
  ];
  const [one, other] = [parameterText(long(0.1)), parameterText(long(0.2))];
  assert.notEqual(one, other);
  for (const text of [one, other]) {
    assert.ok([...text].length <= textLimits.param);
    assert.match(text, /^\[dense\(units 8, activation relu\), dense.*… #[0-9a-f]{12}$/);
  }
  const choice = (last: number) =>
    choiceOf({ control: null, tasks: ['ill'], parameters: { a: long(last), b: long(last) } });
  assert.notEqual(choice(0.1), choice(0.2));
  assert.ok([...choice(0.1)].length <= textLimits.tag);
});

test('choices that differ in a seventh digit are groups of their own', () => {
  const choice = (rate: number) =>
    choiceOf({ control: null, tasks: ['ill'], parameters: { 'training.rate': rate } });
  assert.notEqual(choice(0.10000001), choice(0.1));
});

test('a path is a key that MLflow takes', () => {
  const key = parameterKey('shared.layers[0].residual.layers[12].dense.units');
  assert.equal(key, 'shared.layers.0.residual.layers.12.dense.units');
  assert.equal(keyProblem(key), undefined);
});

test('a run names the commit that it was made from, where there is one', () => {
  const [first] = madeRecords({ trials: 1, epochs: 1 });
  assert.ok(first?.type === 'execution');
  const tags = (environment: Readonly<Record<string, string>>) =>
    sourceTags({ ...first, environment, file: 'mine.yaml' });
  const source = {
    'mlflow.source.name': 'run-experiment mine.yaml',
    'mlflow.source.type': 'LOCAL',
  };
  assert.deepEqual(tags({ version: '1.0.0' }), source);
  assert.deepEqual(tags({ gitCommit: 'c0ffee' }), {
    ...source,
    'mlflow.source.git.commit': 'c0ffee',
  });
});
