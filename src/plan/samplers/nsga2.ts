/** @file NSGA-II, a genetic algorithm: new points bred from those that nothing dominates. */
import { Type } from 'typebox';
import {
  buildPoint,
  type Dimension,
  type Distribution,
  type Point,
  pointKey,
} from '../../spec/space/search-space.ts';
import { defineSampler, type Observation, type Proposal } from '../define-sampler.ts';
import { crowdingDistances, nonDominatedRanks } from '../pareto.ts';
import type { RandomStream } from '../random.ts';
import { sobolPoint } from './sobol.ts';
import { cellOf, coordinateAt } from './unit-interval.ts';

interface Options {
  readonly populationSize: number;
  readonly crossoverProbability: number;
  readonly swapProbability: number;
  readonly mutationProbability: number | null;
}

/** In the order of preference: fronts first, within a front the lonely ones. */
type Population = readonly Point[];

/** How narrowly children scatter around their parents. Deb 2002 has 20 and 20, for many more trials. */
const crossoverIndex = 2;
const mutationIndex = 5;

export const nsga2 = defineSampler({
  name: 'nsga2',
  summary:
    'Breeds points from the best trade-offs so far; made for several objectives and hundreds of trials.',
  reference: 'Deb, Pratap, Agarwal, Meyarivan 2002 (IEEE Trans. Evol. Comput. 6)',
  short: 'populationSize',
  options: Type.Object(
    {
      populationSize: Type.Integer({
        description: 'Points that parents are taken from; as many of a Sobol sequence come first.',
        minimum: 2,
        default: 20,
      }),
      crossoverProbability: Type.Number({
        description: 'How often a child has two parents and not one.',
        minimum: 0,
        maximum: 1,
        default: 0.9,
      }),
      swapProbability: Type.Number({
        description: 'How often the second parent gives what the first one would.',
        minimum: 0,
        maximum: 1,
        default: 0.5,
      }),
      mutationProbability: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], {
        description: 'How often a coordinate is changed; null: one in the number of dimensions.',
        default: null,
      }),
    },
    { additionalProperties: false },
  ),
  usesHistory: true,
  ends: false,
  propose(proposal) {
    const { index, history, options } = proposal;
    const parents = index < options.populationSize ? [] : selected(history, options.populationSize);
    if (parents.length < 2) return sobolPoint(proposal, { scramble: true });
    return freshChild(proposal, parents);
  },
});

/**
 * The best of all trials that ended by then, pruned ones aside, best first. The paper waits for a
 * whole generation; here trials end in any order and no worker waits, so that each child has the
 * best parents there are (steady state: Durillo, Nebro, Luna, Alba 2009).
 */
function selected(history: readonly Observation[], size: number): Population {
  const ended = history.filter(
    ({ values, progress }) => progress >= 1 && values?.every(Number.isFinite),
  );
  const values = ended.map((each) => each.values ?? []);
  const ranks = nonDominatedRanks(values);
  const crowding = crowdingByFront(values, ranks);
  const places = ended.map((_, index) => index);
  places.sort(
    (one, other) =>
      (ranks[one] as number) - (ranks[other] as number) ||
      roomier(crowding[one] as number, crowding[other] as number),
  );
  return places.slice(0, size).map((place) => (ended[place] as Observation).point);
}

/** The ends of a front have infinite room, whose difference is not a number. */
const roomier = (one: number, other: number) => (one === other ? 0 : one > other ? -1 : 1);

function crowdingByFront(
  values: readonly (readonly number[])[],
  ranks: readonly number[],
): readonly number[] {
  const fronts: number[][] = [];
  ranks.forEach((rank, index) => {
    fronts[rank] ??= [];
    fronts[rank].push(index);
  });
  const crowding = new Array<number>(values.length).fill(0);
  for (const front of fronts) {
    const distances = crowdingDistances(front.map((index) => values[index] as readonly number[]));
    front.forEach((index, place) => {
      crowding[index] = distances[place] as number;
    });
  }
  return crowding;
}

/** One that was not proposed before: every try changes more coordinates than the last one. */
function freshChild(proposal: Proposal<Options>, parents: Population): Point {
  const { space, index, history, pending, stream, options } = proposal;
  const taken = new Set([...history.map(({ point }) => point), ...pending].map(pointKey));
  const rate = options.mutationProbability ?? 1 / space.dimensions.length;
  const breed = (attempt: number) => {
    const more = Math.min(1, rate + attempt / 20);
    return child(proposal, parents, more, stream('nsga2', index, attempt));
  };
  for (let attempt = 0; attempt < 100; attempt++) {
    const point = breed(attempt);
    if (!taken.has(pointKey(point))) return point;
  }
  return breed(0);
}

function child(
  { space, options }: Proposal<Options>,
  parents: Population,
  mutation: number,
  stream: RandomStream,
): Point {
  const first = tournament(parents, stream);
  const crossed = stream.next() < options.crossoverProbability;
  const second = crossed ? tournament(parents, stream) : first;
  return buildPoint(space, (dimension) => {
    const swap = stream.next() < options.swapProbability;
    const [main, other] = swap ? [second, first] : [first, second];
    const coordinate = bred(dimension, main[dimension.name], other[dimension.name], stream);
    return stream.next() < mutation || coordinate === null
      ? mutated(dimension, coordinate, stream)
      : coordinate;
  });
}

/** The better of two: the population is in order. */
const tournament = (parents: Population, stream: RandomStream): Point =>
  parents[Math.min(stream.integer(parents.length), stream.integer(parents.length))] as Point;

/** Null where neither parent has this dimension. */
function bred(
  { distribution }: Dimension,
  main: number | undefined,
  other: number | undefined,
  stream: RandomStream,
): number | null {
  const factor = spread(stream.next());
  if (main === undefined) return other ?? null;
  if (other === undefined || distribution.type === 'category' || main === other) return main;
  const [from, to] = [shareOf(distribution, main), shareOf(distribution, other)];
  return coordinateAt(distribution, inUnit(((1 + factor) * from + (1 - factor) * to) / 2));
}

/** Simulated binary crossover (Deb, Agrawal 1995): how far the children are apart, by the parents' distance. */
const spread = (draw: number) =>
  (draw < 0.5 ? 2 * draw : 1 / (2 * (1 - draw))) ** (1 / (crossoverIndex + 1));

/** Polynomial mutation (Deb, Goyal 1996); what it would leave as it is, and what is new, is drawn from anywhere. */
function mutated(
  { distribution }: Dimension,
  coordinate: number | null,
  stream: RandomStream,
): number {
  const [draw, anywhere] = [stream.next(), stream.next()];
  if (coordinate === null) return coordinateAt(distribution, anywhere);
  const shift =
    draw < 0.5
      ? (2 * draw) ** (1 / (mutationIndex + 1)) - 1
      : 1 - (2 * (1 - draw)) ** (1 / (mutationIndex + 1));
  const near = coordinateAt(distribution, inUnit(shareOf(distribution, coordinate) + shift));
  const moved = distribution.type !== 'category' && near !== coordinate;
  return moved ? near : coordinateAt(distribution, anywhere);
}

/** The middle of what stands for a coordinate. */
function shareOf(distribution: Distribution, coordinate: number): number {
  const { low, high } = cellOf(distribution, coordinate);
  return (low + high) / 2;
}

const inUnit = (share: number) => Math.min(1, Math.max(0, share));
