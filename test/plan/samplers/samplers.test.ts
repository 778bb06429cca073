import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Observation, SamplerKind } from '../../../src/plan/define-sampler.ts';
import { rng } from '../../../src/plan/random.ts';
import { random } from '../../../src/plan/samplers/random.ts';
import { sobol } from '../../../src/plan/samplers/sobol.ts';
import { tpe } from '../../../src/plan/samplers/tpe.ts';
import type { Point, SearchSpace } from '../../../src/spec/space/search-space.ts';
import { drawPlainly } from './functions.ts';
import { defaultOptions } from './search.ts';
import { anySpace, faultOf, plainRecord } from './spaces.ts';

const samplers: readonly SamplerKind[] = [random, sobol, tpe];

interface Situation {
  readonly space: SearchSpace;
  readonly seed: number;
  readonly objectives: number;
  readonly history: readonly Observation[];
  readonly pending: readonly Point[];
}

/** Values of all sorts, failures among them; few levels, so that there are ties. */
const anyValue = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 9 }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity, 1e300, -1e300) },
);
const anySituation: fc.Arbitrary<Situation> = plainRecord({
  space: anySpace,
  seed: fc.nat(),
  objectives: fc.integer({ min: 1, max: 3 }),
  length: fc.integer({ min: 0, max: 40 }),
  busy: fc.integer({ min: 0, max: 4 }),
}).chain(({ space, seed, objectives, length, busy }) => {
  const stream = rng(seed, 'history');
  const values = fc.option(fc.array(anyValue, { minLength: objectives, maxLength: objectives }), {
    freq: 8,
  });
  return fc
    .array(plainRecord({ values, progress: fc.constantFrom(1, 1, 0.5, 0.25) }), {
      minLength: length,
      maxLength: length,
    })
    .map((outcomes) => ({
      space,
      seed,
      objectives,
      history: outcomes.map((outcome) => ({ ...outcome, point: drawPlainly(space, stream) })),
      pending: Array.from({ length: busy }, () => drawPlainly(space, stream)),
    }));
});

const ask = (sampler: SamplerKind, { seed, ...situation }: Situation) =>
  sampler.propose({
    ...situation,
    index: situation.history.length + situation.pending.length,
    stream: (...purpose) => rng(seed, ...purpose),
    options: defaultOptions(sampler),
  });

for (const sampler of samplers) {
  test(`${sampler.name} keeps to bounds, steps and conditions, whatever came before`, () => {
    fc.assert(
      fc.property(anySituation, (situation) => {
        const point = ask(sampler, situation);
        assert.ok(point);
        assert.equal(faultOf(situation.space, point), null);
      }),
      { numRuns: 150, seed: 5 },
    );
  });

  test(`${sampler.name} gives the same point for the same request`, () => {
    fc.assert(
      fc.property(anySituation, (situation) => {
        const before = structuredClone(situation);
        assert.deepEqual(ask(sampler, situation), ask(sampler, before));
        assert.deepEqual(situation, before);
      }),
      { numRuns: 60, seed: 6 },
    );
  });
}

test('a new dimension moves nobody else in a random search', () => {
  const dimension = (name: string) => ({
    name,
    distribution: { type: 'float', low: 0, high: 1, log: false, step: null } as const,
    when: [],
  });
  const draw = (names: readonly string[]) => {
    const space = { dimensions: names.map(dimension) };
    return ask(random, { space, seed: 3, objectives: 1, history: [], pending: [] });
  };
  assert.equal(draw(['first', 'second', 'third'])?.second, draw(['second'])?.second);
});
