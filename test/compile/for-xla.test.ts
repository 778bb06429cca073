import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forXla } from '../../src/compile/for-xla.ts';
import { prepareProgram, type Tensors, trace } from '../../src/compile/index.ts';
import { tf } from './native.ts';

const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);

/** xᵀ·y, as the gradient of a kernel is computed. */
const product = ({ x, y }: Tensors): tf.Tensor => tf.matMul(x as tf.Tensor, y as tf.Tensor, true);

function namesOf(x: number[], y: number[]): readonly string[] {
  const traced = trace((given) => ({ product: product(given) }), {
    x: random(x, 1),
    y: random(y, 2),
  });
  assert.ok(traced.ok);
  return forXla(traced.trace).operations.map(({ name }) => name);
}

const narrow = [
  { x: [64, 32], y: [64, 1] },
  { x: [2048, 1], y: [2048, 3] },
  { x: [2, 64, 32], y: [2, 64, 1] },
  { x: [4096, 1], y: [4096, 1] },
];

test('a product that is a vector becomes a sum of products', () => {
  for (const { x, y } of narrow) {
    const names = namesOf(x, y);
    assert.deepEqual(names.slice(-3), ['Mul', 'Sum', 'Reshape'], `${x} by ${y}`);
    assert.ok(!names.includes('BatchMatMulV2'));
  }
});

test('wide ones, small ones and those without a transpose stay as they are', () => {
  for (const [x, y] of [
    [
      [64, 32],
      [64, 2],
    ],
    [
      [16, 4],
      [16, 1],
    ],
  ] as const) {
    assert.deepEqual(namesOf([...x], [...y]), ['BatchMatMulV2']);
  }
  const plain = trace(({ x, y }) => ({ product: tf.matMul(x as tf.Tensor, y as tf.Tensor) }), {
    x: random([64, 32], 1),
    y: random([32, 1], 2),
  });
  assert.ok(plain.ok);
  assert.deepEqual(forXla(plain.trace), plain.trace);
});

test('what TensorFlow lowers slowly becomes what it lowers fast', () => {
  const traced = trace(
    ({ x }) => {
      const unknown = tf.isNaN(x as tf.Tensor);
      return { y: tf.where(unknown, x as tf.Tensor, tf.relu(x as tf.Tensor)) };
    },
    { x: random([2, 3], 1) },
  );
  assert.ok(traced.ok);
  const names = forXla(traced.trace).operations.map(({ name }) => name);
  assert.deepEqual(names, ['NotEqual', 'Maximum', 'SelectV2']);
});

test('its values are those of the product', async () => {
  for (const { x, y } of narrow) {
    const [one, other] = [random(x, 1), random(y, 2)];
    const request = {
      body: (carry: Tensors) => ({ carry, out: { product: product(carry) } }),
      carry: { x: one, y: other },
      items: { index: tf.zeros([1, 1]) },
      fixed: {},
    };
    using compiled = await prepareProgram({ ...request, engine: 'xla' });
    assert.equal(compiled.facts.engine, 'xla');
    const call = { carry: request.carry, items: request.items, fixed: {}, begin: 0, end: 1 };
    const { product: found } = compiled.run(call).out;
    const expected = product(request.carry);
    assert.deepEqual(found?.shape, [1, ...expected.shape]);
    const difference = tf.max(tf.abs(tf.sub(found.squeeze([0]), expected))).dataSync()[0] ?? 1;
    const scale = tf.max(tf.abs(expected)).dataSync()[0] ?? 0;
    assert.ok(scale > 0 && difference / scale < 1e-5, `${x} by ${y}: ${difference} of ${scale}`);
  }
});
