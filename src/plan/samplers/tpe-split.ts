/** @file Which observations TPE takes as good ones, and which as bad ones. */
import type { Observation } from '../define-sampler.ts';
import { crowdingDistances, nonDominatedRanks } from '../pareto.ts';

/** An observation whose objectives are all defined. */
export interface Scored extends Observation {
  readonly values: readonly number[];
}

export const isScored = (observation: Observation): observation is Scored =>
  observation.values?.every(Number.isFinite) ?? false;

/** The best ones, as many as asked for. */
export function bestOf(observations: readonly Scored[], count: number): ReadonlySet<Observation> {
  const merits = meritsOf(observations);
  const order = observations.map((_, index) => index);
  order.sort((one, other) => compare(merits[one] as Merit, merits[other] as Merit) || one - other);
  return new Set(order.slice(0, count).map((index) => observations[index] as Scored));
}

interface Merit {
  readonly progress: number;
  /** Front that it stands in, or the value itself where there is one objective. */
  readonly rank: number;
  /** Room to its neighbours in the front. */
  readonly room: number;
}

/**
 * Whole trainings come before pruned ones, and these by how far they came: values of different
 * epochs cannot be compared. Then the front, and within a front what keeps it broad.
 */
function compare(one: Merit, other: Merit): number {
  if (one.progress !== other.progress) return one.progress > other.progress ? -1 : 1;
  if (one.rank !== other.rank) return one.rank < other.rank ? -1 : 1;
  return one.room === other.room ? 0 : one.room > other.room ? -1 : 1;
}

function meritsOf(observations: readonly Scored[]): readonly Merit[] {
  if (observations.every(({ values }) => values.length === 1)) {
    return observations.map(({ progress, values: [value = 0] }) => ({
      progress,
      rank: value,
      room: 0,
    }));
  }
  const ranks = nonDominatedRanks(observations.map(({ values }) => values));
  const rooms = new Array<number>(observations.length).fill(0);
  const fronts = new Map<number, number[]>();
  for (const [index, rank] of ranks.entries()) {
    const front = fronts.get(rank);
    if (front) front.push(index);
    else fronts.set(rank, [index]);
  }
  for (const front of fronts.values()) {
    const distances = crowdingDistances(
      front.map((index) => (observations[index] as Scored).values),
    );
    for (const [place, index] of front.entries()) rooms[index] = distances[place] as number;
  }
  return observations.map(({ progress }, index) => ({
    progress,
    rank: ranks[index] as number,
    room: rooms[index] as number,
  }));
}
