/** @file Which observations TPE takes as good ones, and which as bad ones. */
import type { Observation } from '../define-sampler.ts';
import { crowdingDistances, nonDominatedRanks } from '../pareto.ts';

/** An observation whose objectives are all defined. */
export interface Scored extends Observation {
  readonly values: readonly number[];
}

export const isScored = (observation: Observation): observation is Scored =>
  observation.values?.every(Number.isFinite) ?? false;

/**
 * The best ones, as many as asked for, the best of all first. Whole trainings come before pruned ones, and these by how
 * far they came, as values after different epochs cannot be compared; then the front in which
 * they stand; and of the front that is cut, those with most room around them.
 */
export function bestOf(all: readonly Scored[], count: number): readonly Scored[] {
  const ranks = ranksOf(all);
  const order = all.map((_, index) => index);
  const compare = (one: number, other: number) =>
    (all[other] as Scored).progress - (all[one] as Scored).progress ||
    (ranks[one] as number) - (ranks[other] as number);
  order.sort((one, other) => compare(one, other) || one - other);
  const last = order[count - 1];
  if (last === undefined) return order.map((index) => all[index] as Scored);
  const before = order.filter((index) => compare(index, last) < 0);
  const cut = order.filter((index) => compare(index, last) === 0);
  const chosen = [...before, ...roomiest(cut, all).slice(0, count - before.length)];
  return chosen.map((index) => all[index] as Scored);
}

/** One objective is a rank itself. */
const ranksOf = (all: readonly Scored[]): readonly number[] =>
  all.some(({ values }) => values.length > 1)
    ? nonDominatedRanks(all.map(({ values }) => values))
    : all.map(({ values: [value = 0] }) => value);

function roomiest(front: readonly number[], all: readonly Scored[]): readonly number[] {
  const rooms = crowdingDistances(front.map((index) => (all[index] as Scored).values));
  const places = front.map((_, place) => place);
  const room = (place: number) => rooms[place] as number;
  places.sort((one, other) => (room(one) === room(other) ? one - other : room(other) - room(one)));
  return places.map((place) => front[place] as number);
}
