import assert from 'node:assert/strict';
import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ProgramRequest, prepareProgram, type Tensors } from '../../src/compile/index.ts';
import { forgetPrograms } from '../../src/engine/index.ts';
import { keepNative, keptNative } from '../../src/engine/native-session.ts';
import { inPlace } from '../../src/step/place.ts';
import { tf } from './native.ts';

const known = (tensors: Tensors, name: string): tf.Tensor => {
  const tensor = tensors[name];
  if (!tensor) throw new Error(`no ${name}`);
  return tensor;
};

/** Goes down a gradient of random rows, for 50 items of 8 rows. */
function request(changes: Partial<ProgramRequest> = {}): ProgramRequest {
  return {
    body: (carry, item, fixed) => {
      const rows = tf.gather(known(fixed, 'data'), known(item, 'rows').as1D().toInt());
      const loss = (weight: tf.Tensor) =>
        tf.mean(tf.square(tf.sub(tf.matMul(rows, weight), 1))).asScalar();
      const { value, grad } = tf.valueAndGrad(loss)(known(carry, 'weight'));
      return {
        carry: { weight: tf.sub(known(carry, 'weight'), tf.mul(known(fixed, 'rate'), grad)) },
        out: { loss: value },
      };
    },
    carry: { weight: tf.fill([3, 1], 0.1) },
    items: {
      rows: tf.tensor2d(
        Array.from({ length: 400 }, (_, index) => (index * 7) % 60),
        [50, 8],
        'int32',
      ),
    },
    fixed: { data: tf.randomNormal([60, 3], 0, 1, 'float32', 3), rate: tf.scalar(0.05) },
    engine: null,
    ...changes,
  };
}

const numbers = (tensor: tf.Tensor | undefined) => [...(tensor?.dataSync() ?? [])];

test('one call or seven uneven ones give the same bits', async () => {
  for (const engine of ['xla', 'graph', 'eager'] as const) {
    const { carry, items, fixed, ...rest } = request({ engine });
    using program = await prepareProgram({ carry, items, fixed, ...rest });
    const whole = program.run({ carry, items, fixed, begin: 0, end: 50 });
    let current = carry;
    const losses: number[] = [];
    for (const [begin, end] of [
      [0, 1],
      [1, 4],
      [4, 4],
      [4, 17],
      [17, 18],
      [18, 49],
      [49, 50],
    ] as const) {
      const part = program.run({ carry: current, items, fixed, begin, end });
      losses.push(...numbers(part.out.loss));
      current = part.carry;
    }
    assert.deepEqual(numbers(current.weight), numbers(whole.carry.weight));
    assert.deepEqual(losses, numbers(whole.out.loss));
    assert.equal(losses.length, 50);
  }
});

test('XLA is the engine where nothing is in its way, and says what compiling cost', async () => {
  using program = await prepareProgram(request());
  const { engine, reason, fingerprint, compileSeconds } = program.facts;
  assert.deepEqual([engine, reason], ['xla', null]);
  assert.match(fingerprint ?? '', /^[0-9a-f]{12}$/);
  assert.ok(compileSeconds > 0);
});

test('the same function has the same fingerprint, another one another', async () => {
  using one = await prepareProgram(request());
  using same = await prepareProgram(request({ fixed: { ...request().fixed, rate: tf.scalar(7) } }));
  using other = await prepareProgram(
    request({ body: (carry) => ({ carry, out: { loss: tf.sum(known(carry, 'weight')) } }) }),
  );
  assert.equal(one.facts.fingerprint, same.facts.fingerprint);
  assert.notEqual(one.facts.fingerprint, other.facts.fingerprint);
});

test('what is in the way of a program is told, and the function still runs', async () => {
  const outside = tf.tensor1d([0.25, 0.5, 0.25]).sum();
  const cases: readonly (readonly [string, (x: tf.Tensor) => tf.Tensor, RegExp])[] = [
    [
      'random',
      (x) => tf.add(x, tf.randomNormal(x.shape)),
      /^tf\.randomNormal in shared\/0\/noise draws random numbers/,
    ],
    ['dropout', (x) => tf.dropout(x, 0.5), /draws random numbers in JavaScript/],
    ['Math.random', (x) => tf.add(x, Math.random()), /^Math\.random in shared\/0\/noise/],
    [
      'operation',
      (x) => tf.topk(x.as1D(), 3).values.as2D(3, 1),
      /^the operation TopKV2 in shared\/0\/noise has no rule/,
    ],
    ['read', (x) => tf.mul(x, x.dataSync()[0] ?? 0), /^a value in shared\/0\/noise was read back/],
    [
      'constant',
      (x) => tf.add(x, tf.tensor1d(Array.from({ length: 5000 }, (_, i) => i)).mean()),
      /^a constant of 5000 elements in shared\/0\/noise/,
    ],
    [
      'captured',
      (x) => tf.add(x, outside),
      /^Add in shared\/0\/noise uses a tensor that is no argument/,
    ],
    ['complex', (x) => tf.add(x, tf.real(tf.complex(x, x))), /element type/],
  ];
  for (const [name, spoil, reason] of cases) {
    const { carry, items, fixed, ...rest } = request({
      body: (each) => ({
        carry: { weight: inPlace('shared/0/noise', () => spoil(known(each, 'weight'))) },
        out: {},
      }),
    });
    using program = await prepareProgram({ carry, items, fixed, ...rest });
    assert.equal(program.facts.engine, 'eager', name);
    assert.match(program.facts.reason ?? '', reason);
    const { carry: after } = program.run({ carry, items, fixed, begin: 0, end: 2 });
    assert.ok(numbers(after.weight).every(Number.isFinite), name);
  }
});

test('convolutions run as a plain graph, and say why', async () => {
  const image = tf.ones<tf.Rank.R4>([1, 6, 6, 1]);
  using program = await prepareProgram({
    body: (carry) => ({
      carry: { filter: tf.mul(known(carry, 'filter'), 0.9) },
      out: { sum: tf.sum(tf.conv2d(image, known(carry, 'filter') as tf.Tensor4D, 1, 'same')) },
    }),
    carry: { filter: tf.ones([2, 2, 1, 2]) },
    items: { nothing: tf.zeros([4]) },
    fixed: {},
    engine: null,
  });
  assert.equal(program.facts.engine, 'graph');
  assert.match(program.facts.reason ?? '', /^Conv2D runs faster in a graph without XLA/);
});

test('what XLA cannot compile runs as a plain graph, with the reason', async () => {
  const { node } = keptNative();
  forgetPrograms();
  let calls = 1;
  const loadSavedModel: typeof node.loadSavedModel = (...given) => {
    calls += 1;
    if (calls <= 2) throw new Error('no XLA device\n  at line 1');
    return node.loadSavedModel(...given);
  };
  keepNative({ node: { loadSavedModel } });
  try {
    using program = await prepareProgram(request());
    assert.equal(program.facts.engine, 'graph');
    assert.equal(program.facts.reason, 'TensorFlow could not compile it as xla: no XLA device');
  } finally {
    keepNative({ node });
  }
});

test('items that are not there are no call', async () => {
  for (const engine of ['xla', 'eager'] as const) {
    const { carry, items, fixed, ...rest } = request({ engine });
    using program = await prepareProgram({ carry, items, fixed, ...rest });
    for (const [begin, end] of [
      [0, 51],
      [-1, 3],
      [4, 3],
    ] as const) {
      assert.throws(
        () => program.run({ carry, items, fixed, begin, end }),
        /^Error: internal: items/,
      );
    }
  }
});

test('no tensor is left over', async () => {
  for (const engine of ['xla', 'graph', 'eager'] as const) {
    const { carry, items, fixed, ...rest } = request({ engine });
    const before = tf.memory().numTensors;
    const program = await prepareProgram({ carry, items, fixed, ...rest });
    for (let round = 0; round < 20; round++) {
      const result = program.run({ carry, items, fixed, begin: round, end: round + 9 });
      tf.dispose([result.carry, result.out]);
    }
    program[Symbol.dispose]();
    assert.equal(tf.memory().numTensors, before, engine);
  }
});

test('a damaged file of an earlier compilation does no harm', async () => {
  const folder = process.env.TF_XLA_FLAGS?.replace(/^.*persistent_cache_directory=/, '') ?? '';
  forgetPrograms();
  const changes = { carry: { weight: tf.fill([3, 1], 0.2) } };
  const run = async () => {
    const { carry, items, fixed, ...rest } = request(changes);
    using program = await prepareProgram({ carry, items, fixed, ...rest });
    assert.equal(program.facts.engine, 'xla', program.facts.reason ?? '');
    return numbers(program.run({ carry, items, fixed, begin: 0, end: 50 }).carry.weight);
  };
  const first = await run();
  const files = readdirSync(folder).map((name) => join(folder, name));
  assert.equal(files.length, 1);
  assert.deepEqual(await run(), first);
  for (const file of files) truncateSync(file, 100);
  assert.deepEqual(await run(), first);
});
