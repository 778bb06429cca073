import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hash32, uniform } from '../../src/step/random-bits.ts';
import { tf } from './backend.ts';

/** lowbias32 as published, in JavaScript's own 32-bit arithmetic. */
function lowbias32(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) | 0;
}

test('the hash of tensors is lowbias32 bit by bit', () => {
  const spread = Array.from({ length: 5000 }, (_, index) => lowbias32(7 * index));
  const values = [0, 1, -1, 2, 12345, 2147483647, -2147483648, ...spread];
  const hashed = [...hash32(tf.tensor1d(values, 'int32')).dataSync()];
  assert.deepEqual(hashed, values.map(lowbias32));
});

test('draws are uniform, differ from step to step and from who draws, and repeat themselves', () => {
  const draw = (step: number, salt = 1) => [
    ...uniform([100, 200], tf.scalar(7, 'int32'), tf.scalar(step, 'int32'), salt).dataSync(),
  ];
  const values = draw(0);
  assert.deepEqual(values, draw(0));
  const bins = new Array<number>(50).fill(0);
  for (const value of values)
    bins[Math.floor(value * 50)] = (bins[Math.floor(value * 50)] ?? 0) + 1;
  const chiSquare = bins.reduce((sum, count) => sum + (count - 400) ** 2 / 400, 0);
  assert.ok(chiSquare < 85.4, `chi-square ${chiSquare}`); // 49 degrees of freedom, 0.999 quantile
  for (const other of [draw(1), draw(0, 2)]) {
    const product = values.reduce(
      (sum, value, index) => sum + (value - 0.5) * ((other[index] ?? 0) - 0.5),
      0,
    );
    const correlation = product / values.length / (1 / 12);
    assert.ok(Math.abs(correlation) < 0.03, `correlation ${correlation}`);
  }
});
