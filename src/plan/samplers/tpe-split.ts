/** @file Which observations TPE takes as good ones, and which as bad ones. */
import type { Observation } from '../define-sampler.ts';
import { crowdingDistances, dominates } from '../pareto.ts';

/** An observation whose objectives are all defined. */
export interface Scored extends Observation {
  readonly values: readonly number[];
}

export const isScored = (observation: Observation): observation is Scored =>
  observation.values?.every(Number.isFinite) ?? false;

/**
 * The best ones, as many as asked for, the best of all first. Whole trainings come before pruned
 * ones, and these by how far they came, as values after different epochs cannot be compared; then
 * the front in which they stand; and of the front that is cut, those with most room around them.
 */
export function bestOf(all: readonly Scored[], count: number): readonly Scored[] {
  const chosen: Scored[] = [];
  const lengths = [...new Set(all.map(({ progress }) => progress))].sort((a, b) => b - a);
  for (const length of lengths) {
    if (chosen.length >= count) break;
    const alike = all.filter(({ progress }) => progress === length).sort(inOrder);
    const one = alike[0]?.values.length === 1;
    const left = count - chosen.length;
    chosen.push(...(one ? alike.slice(0, left) : bestFronts(alike, left)));
  }
  return chosen;
}

/** Front by front, as only few of them are needed. */
function bestFronts(sorted: readonly Scored[], count: number): readonly Scored[] {
  const chosen: Scored[] = [];
  let rest = sorted;
  while (rest.length > 0 && chosen.length < count) {
    const front = new Set(frontOf(rest));
    const left = count - chosen.length;
    chosen.push(...(front.size > left ? roomiest([...front]).slice(0, left) : front));
    rest = rest.filter((each) => !front.has(each));
  }
  return chosen;
}

function inOrder({ values: one }: Scored, { values: other }: Scored): number {
  const place = one.findIndex((value, objective) => value !== other[objective]);
  return place < 0 ? 0 : (one[place] as number) - (other[place] as number);
}

/** Those that none dominates: in lexicographic order only earlier ones can. */
function frontOf(sorted: readonly Scored[]): readonly Scored[] {
  const front: Scored[] = [];
  for (const each of sorted) {
    if (!front.some(({ values }) => dominates(values, each.values))) front.push(each);
  }
  return front;
}

function roomiest(front: readonly Scored[]): readonly Scored[] {
  const rooms = crowdingDistances(front.map(({ values }) => values));
  const places = front.map((_, place) => place);
  const room = (place: number) => rooms[place] as number;
  places.sort((one, other) => (room(one) === room(other) ? one - other : room(other) - room(one)));
  return places.map((place) => front[place] as Scored);
}
