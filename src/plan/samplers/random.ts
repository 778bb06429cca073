/** @file Random search. */
import { Type } from 'typebox';
import { buildPoint, type Point } from '../../spec/space/search-space.ts';
import { defineSampler, type Proposal } from '../define-sampler.ts';
import { coordinateAt } from './unit-interval.ts';

/** What a random point depends on. */
export type DrawRequest = Pick<Proposal, 'space' | 'index' | 'stream'>;

/** Each dimension has a stream of its own: a new dimension moves nobody else's numbers. */
export const randomPoint = ({ space, index, stream }: DrawRequest): Point =>
  buildPoint(space, ({ name, distribution }) =>
    coordinateAt(distribution, stream('random', index, name).next()),
  );

export const random = defineSampler({
  name: 'random',
  summary: 'Every point drawn anew, without regard to the others.',
  reference: 'Bergstra, Bengio 2012, JMLR 13',
  options: Type.Object({}, { additionalProperties: false }),
  usesHistory: false,
  ends: false,
  propose: randomPoint,
});
