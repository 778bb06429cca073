import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exactWords, valueInWords } from '../../src/plan/index.ts';

fc.configureGlobal({ seed: 1 });

test('a block is told by the names of its kinds', () => {
  const told: readonly (readonly [unknown, string])[] = [
    ['adam', 'adam'],
    [{ adam: {} }, 'adam'],
    [{ adam: { learningRate: 0.003 } }, 'adam(learningRate 0.003)'],
    [
      [{ dense: { units: 8, activation: 'relu' } }, { dropout: 0.2 }],
      '[dense(units 8, activation relu), dropout 0.2]',
    ],
    [{ units: 8, activation: null }, '(units 8, activation null)'],
    [[], '[]'],
  ];
  for (const [value, words] of told) {
    assert.equal(valueInWords(value), words);
    assert.equal(exactWords(value), words);
  }
});

test('words that could be taken for something else are in quotation marks, except a whole value', () => {
  assert.equal(valueInWords(['a b', '1', 'null', 'x1']), '["a b", "1", "null", x1]');
  assert.equal(valueInWords('a b'), 'a b');
  assert.equal(valueInWords(0.123456789), '0.123457');
  assert.equal(exactWords([0.123456789]), '[0.123456789]');
});

/** The same for a kind without options in its two spellings. */
function meaning(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(meaning);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, inner] as const);
  const [[name, inner] = ['', null]] = entries;
  const isBare =
    entries.length === 1 && typeof inner === 'object' && inner !== null && !Array.isArray(inner);
  if (isBare && Object.keys(inner).length === 0) return name;
  return entries.map(([key, each]) => ({ key, each: meaning(each) }));
}

test('blocks of different meaning never have the same exact words', () => {
  const leaf = fc.oneof(
    fc.constantFrom('a', 'b', 'a b', 'a, b', '1', '', 'null', '(a)', '[a]', '"a"', 'a(b 1)'),
    fc.constantFrom(0, 1, 0.1, 0.10000001, 1e21, null, true, false),
  );
  const key = fc.constantFrom('a', 'b', 'a b', '1', 'a(b', '');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 3 }),
    ),
  }));
  const words = new Map<string, string>();
  const isBlock = (each: unknown) => typeof each === 'object' && each !== null;
  fc.assert(
    fc.property(value.filter(isBlock), (each) => {
      const means = JSON.stringify(meaning(each));
      const before = words.get(exactWords(each)) ?? means;
      words.set(exactWords(each), before);
      assert.equal(means, before, exactWords(each));
    }),
    { numRuns: 20_000 },
  );
});

test('a block whose only value is swept by itself is an ellipsis', () => {
  const layers = [{ dense: { units: 64 } }, {}, { dense: { units: 32 } }];
  assert.equal(valueInWords(layers), '[dense(units 64), …, dense(units 32)]');
  assert.notEqual(exactWords(layers), exactWords([layers[0], '…', layers[2]]));
});
