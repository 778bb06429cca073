/** @file A sampler for simulations that have no other: uniform, or uniform of the logarithm. */
import { Type } from 'typebox';
import { defineSampler } from '../../../src/plan/define-sampler.ts';
import { buildPoint, type Distribution } from '../../../src/spec/space/search-space.ts';

export const randomPoints = defineSampler({
  name: 'random points',
  summary: 'Every dimension by itself.',
  options: Type.Object({}, { additionalProperties: false }),
  usesHistory: false,
  ends: false,
  propose({ space, index, stream }) {
    const random = stream('random', index);
    return buildPoint(space, ({ distribution }) => coordinate(distribution, random.next()));
  },
});

function coordinate(distribution: Distribution, uniform: number): number {
  switch (distribution.type) {
    case 'category':
      return Math.floor(uniform * distribution.count);
    case 'ordinal':
      return Math.floor(uniform * distribution.levels.length);
    case 'float':
    case 'int': {
      const { low, high, log } = distribution;
      const value = log ? low * (high / low) ** uniform : low + uniform * (high - low);
      return distribution.type === 'int' ? Math.round(value) : value;
    }
    case 'normal':
      throw new Error('internal: no simulated space has a normal dimension');
    default:
      return distribution satisfies never;
  }
}
