import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forXla } from '../../src/compile/for-xla.ts';
import { type ProgramEngine, prepareProgram, trace } from '../../src/compile/index.ts';
import { rules } from '../../src/compile/rules.ts';
import { tf } from './native.ts';
import { functions, given } from './operations.ts';

/** What a function makes of the same arguments in three items, by one engine. */
async function results(name: string, engine: ProgramEngine): Promise<readonly number[]> {
  const run = functions[name];
  if (!run) throw new Error(`no function for ${name}`);
  const fixed = given();
  const items = { shift: tf.tensor1d([0, 1, 2]) };
  using program = await prepareProgram({
    // Something goes round, so that nothing can be computed before the loop.
    body: (carry, _item, all) => ({
      carry: { count: tf.add(carry.count ?? 0, 1) },
      out: { value: run({ ...given(), ...all }) },
    }),
    carry: { count: tf.scalar(0) },
    items,
    fixed,
    engine,
  });
  assert.equal(program.facts.engine, engine, `${name}: ${program.facts.reason}`);
  const { carry, out } = program.run({
    carry: { count: tf.scalar(0) },
    items,
    fixed,
    begin: 0,
    end: 3,
  });
  assert.equal(carry.count?.dataSync()[0], 3);
  return [...(out.value?.dataSync() ?? [])];
}

/** Engines may add in another order: the last bit of a float32 is theirs. */
function assertNear(value: number, expected: number, engine: string): void {
  const bound = 2e-6 * Math.max(1, Math.abs(expected));
  const isNear = Object.is(value, expected) || Math.abs(value - expected) <= bound;
  assert.ok(isNear, `${engine} gives ${value}, eager ${expected}`);
}

for (const name of Object.keys(rules)) {
  test(`${name} gives in a graph and under XLA what it gives eagerly`, async () => {
    const traced = trace(
      (all) => ({ value: functions[name]?.({ ...given(), ...all }) ?? tf.scalar(0) }),
      given(),
    );
    assert.ok(traced.ok, traced.ok ? '' : traced.reason);
    const used = [...traced.trace.operations, ...forXla(traced.trace).operations];
    assert.ok(
      used.some((operation) => operation.name === name),
      'is not used',
    );
    const eager = await results(name, 'eager');
    for (const engine of ['graph', 'xla'] as const) {
      const values = await results(name, engine);
      assert.equal(values.length, eager.length);
      for (const [index, value] of values.entries()) assertNear(value, eager[index] ?? 0, engine);
    }
  });
}

test('every function is there for a rule', () => {
  assert.deepEqual(
    Object.keys(functions).filter((name) => !rules[name]),
    [],
  );
});
