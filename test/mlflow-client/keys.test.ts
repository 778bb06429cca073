import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keyProblem, sanitizeKey } from '../../src/mlflow-client-ts/index.ts';
import { refused, taken } from './key-samples.ts';

test('keys are judged as MLflow judges them', () => {
  for (const key of taken) assert.equal(keyProblem(key), undefined, key);
  for (const key of refused) assert.equal(typeof keyProblem(key), 'string', key);
  // MLflow takes this one by mistake: its pattern looks at the first line.
  assert.equal(typeof keyProblem('a\n'), 'string');
});

test('a key that is refused has a nearest one', () => {
  const pairs = {
    'lr=0.1,h=[32]': 'lr-0.1-h-32',
    'a//b': 'a/b',
    '/a/': 'a',
    './a/../b': 'a/b',
    '..a': '.a',
    'h[0].units': 'h-0-.units',
    '😀': '_',
    '': '_',
    '..': '_',
  };
  for (const [key, nearest] of Object.entries(pairs)) assert.equal(sanitizeKey(key), nearest);
});

const keys = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: fc.constantFrom('a', '/', '.', '-', ' ', '=', '𝒜', '\ud800'), maxLength: 300 }),
);

test('any text becomes a key that MLflow takes, and a key stays as it is', () => {
  fc.assert(
    fc.property(keys, (key) => {
      const sanitized = sanitizeKey(key);
      assert.equal(keyProblem(sanitized), undefined);
      assert.equal(sanitizeKey(sanitized), sanitized);
      if (keyProblem(key) === undefined) assert.equal(sanitized, key);
    }),
    { numRuns: 1000, seed: 7 },
  );
});
