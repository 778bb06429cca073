/** @file Points of a Sobol sequence: they fill the space more evenly than random ones. */
import { Type } from 'typebox';
import { buildPoint, type Point } from '../../spec/space/search-space.ts';
import { defineSampler } from '../define-sampler.ts';
import type { DrawRequest } from './random.ts';
import { directionNumbers, sobolDimensions } from './sobol-directions.ts';
import { coordinateAt } from './unit-interval.ts';

export interface SobolOptions {
  readonly scramble: boolean;
}

/** The point of that index. Dimensions beyond the 64th are random. */
export function sobolPoint(
  { space, index, stream }: DrawRequest,
  { scramble }: SobolOptions,
): Point {
  const positions = new Map(space.dimensions.map(({ name }, position) => [name, position]));
  return buildPoint(space, ({ name, distribution }) => {
    const position = positions.get(name) ?? sobolDimensions;
    if (position >= sobolDimensions) {
      return coordinateAt(distribution, stream('random', index, name).next());
    }
    const bits = sobolBits(position, index);
    const seed = stream('sobol', name).integer(2 ** 32);
    return coordinateAt(distribution, (scramble ? owen(bits, seed) : bits) / 2 ** 32);
  });
}

/** The sequence in Gray code order (Antonov, Saleev 1979), as whole numbers below 2³². */
export function sobolBits(dimension: number, index: number): number {
  const directions = directionNumbers(dimension);
  let bits = 0;
  for (let gray = index ^ (index >>> 1), bit = 0; gray !== 0; gray >>>= 1, bit++) {
    if (gray & 1) bits ^= directions[bit] as number;
  }
  return bits >>> 0;
}

/**
 * Owen's scrambling (1995) by a hash in which a bit depends on the bits above it only (Laine,
 * Karras 2011; Burley 2020, JCGT 9.4; constants of Vegdahl 2021). The points stay as even as
 * they were, each is uniform by itself, and none lies in a corner of the space.
 */
function owen(bits: number, seed: number): number {
  let hash = reversed(bits);
  hash ^= Math.imul(hash, 0x3d20adea);
  hash = (hash + seed) | 0;
  hash = Math.imul(hash, (seed >>> 16) | 1);
  hash ^= Math.imul(hash, 0x05526c56);
  hash ^= Math.imul(hash, 0x53a22864);
  return reversed(hash);
}

function reversed(bits: number): number {
  let from = bits;
  let to = 0;
  for (let bit = 0; bit < 32; bit++) {
    to = (to << 1) | (from & 1);
    from >>>= 1;
  }
  return to >>> 0;
}

export const sobol = defineSampler({
  name: 'sobol',
  summary: 'Points that fill the space more evenly than random ones, best in powers of two.',
  reference: 'Sobol 1967; Joe, Kuo 2008, SIAM J. Sci. Comput. 30; Owen 1995',
  options: Type.Object(
    {
      scramble: Type.Boolean({
        description: 'Shuffled by the seed, evenness kept; without, every seed gives one sequence.',
        default: true,
      }),
    },
    { additionalProperties: false },
  ),
  usesHistory: false,
  ends: false,
  propose: ({ options, ...request }) => sobolPoint(request, options),
});
