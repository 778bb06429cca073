import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { evaluate, pathsIn, readExpression } from '../../src/spec/space/expression.ts';

const spec: Readonly<Record<string, unknown>> = { units: 64, rate: 0.5, name: 'relu' };

function resultOf(text: string): number {
  const read = readExpression(text);
  assert.ok(read.ok, `${text} can be read`);
  return evaluate(read.expression, ([first]) => spec[String(first)]);
}

test('arithmetic binds as in mathematics, powers to the right, a sign before a power', () => {
  assert.equal(resultOf('1 + 2 * 3'), 7);
  assert.equal(resultOf('(1 + 2) * 3'), 9);
  assert.equal(resultOf('2 ** 3 ** 2'), 512);
  assert.equal(resultOf('-2 ** 2'), -4);
  assert.equal(resultOf('10 - 4 - 3'), 3);
  assert.equal(resultOf('10 / 4 % 2'), 0.5);
  assert.equal(resultOf('1e-3 * 2.5'), 0.0025);
});

test('paths stand for their values, functions for what they are called', () => {
  assert.equal(resultOf('${units} / 2'), 32);
  assert.equal(resultOf('round(${units} * ${rate} / 3)'), 11);
  assert.equal(resultOf('max(8, min(${units}, 48), 12)'), 48);
  assert.ok(Number.isNaN(resultOf('${name} * 2')), 'text is not a number');
});

test('what cannot be read is told with its place and with what would do', () => {
  const failure = (text: string) => {
    const read = readExpression(text);
    assert.ok(!read.ok, `${text} is refused`);
    return [read.at, read.expected];
  };
  assert.deepEqual(failure('${units} /'), [10, 'a number, ${path} or a function']);
  assert.deepEqual(failure('${units} 2'), [8, 'an operator']);
  assert.deepEqual(failure('half(${units})')[0], 0);
  assert.deepEqual(failure('${units} & 1')[0], 8);
  assert.deepEqual(failure('(1 + 2'), [6, '")"']);
});

test('the paths that a formula names are found, wherever they stand', () => {
  const read = readExpression('round(${shared.layers[0].dense.units} / 2) + -${training.epochs}');
  assert.ok(read.ok);
  assert.deepEqual(
    pathsIn(read.expression).map(({ text }) => text),
    ['shared.layers[0].dense.units', 'training.epochs'],
  );
});

test('random formulas have the value that JavaScript gives them', () => {
  const number = fc.integer({ min: 0, max: 99 }).map(String);
  const formula = fc.letrec<{ any: string; pair: string }>((tie) => ({
    any: fc.oneof({ maxDepth: 4 }, number, tie('pair')),
    pair: fc
      .tuple(tie('any'), fc.constantFrom('+', '-', '*', '/', '%'), tie('any'))
      .map(([left, operator, right]) => `(${left}) ${operator} ${right}`),
  })).any;
  fc.assert(
    fc.property(formula, (text) => {
      assert.ok(Object.is(resultOf(text) + 0, new Function(`return ${text}`)() + 0), text);
    }),
    { seed: 5, numRuns: 300 },
  );
});

test('no text makes the reader throw', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), (text) => {
      readExpression(`${text}\${a}`);
    }),
    { seed: 6, numRuns: 500 },
  );
});
