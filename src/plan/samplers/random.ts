/** @file Random search: every point drawn by itself. */
import { Type } from 'typebox';
import { buildPoint, type Distribution } from '../../spec/space/search-space.ts';
import { defineSampler } from '../define-sampler.ts';
import type { RandomStream } from '../random.ts';

export const random = defineSampler({
  name: 'random',
  summary: 'Points drawn at random, each by itself.',
  reference: 'Bergstra and Bengio 2012, JMLR 13',
  options: Type.Object({}, { additionalProperties: false }),
  usesHistory: false,
  ends: false,
  propose: ({ space, index, stream }) => {
    const numbers = stream('random', index);
    return buildPoint(space, ({ distribution }) => draw(distribution, numbers));
  },
});

/** One coordinate from its distribution. */
export function draw(distribution: Distribution, random: RandomStream): number {
  switch (distribution.type) {
    case 'category':
      return random.integer(distribution.count);
    case 'ordinal':
      return random.integer(distribution.levels.length);
    case 'normal': {
      const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
      const angle = 2 * Math.PI * random.next();
      return distribution.mean + distribution.standardDeviation * radius * Math.cos(angle);
    }
    case 'int':
    case 'float':
      return drawNumber(distribution, random);
    default:
      return distribution satisfies never;
  }
}

type Ranged = Extract<Distribution, { type: 'int' | 'float' }>;

function drawNumber({ type, low, high, log, step }: Ranged, random: RandomStream): number {
  if (step !== null && !log) {
    return low + step * random.integer(Math.floor((high - low) / step + 1e-9) + 1);
  }
  if (!log) return low + (high - low) * random.next();
  // Half a step beyond the ends, so that the outer whole numbers are as likely as the others.
  const margin = type === 'int' ? 0.5 : 0;
  const [from, to] = [Math.log(low - margin), Math.log(high + margin)];
  const value = Math.exp(from + (to - from) * random.next());
  const whole = type === 'int' ? Math.round(value) : value;
  return Math.min(high, Math.max(low, whole));
}
