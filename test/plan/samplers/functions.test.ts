import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rng } from '../../../src/plan/random.ts';
import { readTraces } from '../../bench/optimisers/traces.ts';
import { branin, drawPlainly, hartmann6, rosenbrock5, testFunctions } from './functions.ts';
import { frontProblems } from './two-objectives.ts';

test('the functions have the values that the Python program has where Optuna was traced', () => {
  const { points } = readTraces();
  for (const target of testFunctions) {
    const known = points[target.name] ?? [];
    assert.ok(known.length > 0, target.name);
    for (const { point, value } of known) {
      const error = Math.abs(target.value(point) - value);
      assert.ok(error < 1e-9 * Math.max(1, Math.abs(value)), `${target.name}: off by ${error}`);
    }
  }
});

test('so have the problems with two objectives, and none of their values beats the ideal', () => {
  const { points } = readTraces().fronts;
  for (const { name, values, ideal } of frontProblems) {
    const known = points[name] ?? [];
    assert.ok(known.length > 0, name);
    for (const { point, value } of known) {
      values(point).forEach((each, objective) => {
        const expected = value[objective] ?? Number.NaN;
        const error = Math.abs(each - expected);
        assert.ok(error < 1e-9 * Math.max(1, Math.abs(expected)), `${name}: off by ${error}`);
        assert.ok(each >= (ideal[objective] ?? 0), `${name}: ${each}`);
      });
    }
  }
});

test('the minima are where the literature has them', () => {
  const close = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-5);
  close(branin.value({ x0: Math.PI, x1: 2.275 }), branin.minimum);
  const deepest = [0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573];
  const at = (values: readonly number[]) =>
    Object.fromEntries(values.map((value, axis) => [`x${axis}`, value]));
  close(hartmann6.value(at(deepest)), hartmann6.minimum);
  close(rosenbrock5.value(at([1, 1, 1, 1, 1])), 0);
});

test('no drawn point lies outside of the range that a function claims', () => {
  for (const { name, space, value, minimum, range } of testFunctions) {
    const stream = rng(1, name);
    for (let draw = 0; draw < 2000; draw++) {
      const height = value(drawPlainly(space, stream)) - minimum;
      assert.ok(height >= -1e-6 && height <= range, `${name}: ${height}`);
    }
  }
});
