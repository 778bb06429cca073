/** @file Several objectives at once, all to be minimised: dominance, ranks, crowding, hypervolume. */

/** The objectives of one candidate. */
export type Objectives = readonly number[];

/** Whether the one is nowhere worse than the other and somewhere better. */
export function dominates(one: Objectives, other: Objectives): boolean {
  let better = false;
  for (let index = 0; index < one.length; index++) {
    const difference = (one[index] as number) - (other[index] as number);
    if (difference > 0) return false;
    if (difference < 0) better = true;
  }
  return better;
}

/** The indices, from 0, of those that nothing dominates, in the order given. Equal ones all stand. */
export const paretoFront = (all: readonly Objectives[]): readonly number[] =>
  [...nonDominatedRanks(all).entries()].filter(([, rank]) => rank === 0).map(([index]) => index);

/**
 * For each its front: 0 where nothing dominates it, 1 where only fronts before do, …
 * Sorted lexicographically, a candidate is dominated by earlier ones only, and if front k does not
 * dominate it then no later front does: its front is found by bisection (Zhang, Tian, Cheng, Jin
 * 2015, ENS-BS). With up to two objectives the last member speaks for a front, so all takes
 * O(n log n).
 */
export function nonDominatedRanks(all: readonly Objectives[]): readonly number[] {
  const order = all.map((_, index) => index);
  order.sort((one, other) => lexicographic(all[one] as Objectives, all[other] as Objectives));
  const ranks = new Array<number>(all.length).fill(0);
  const fronts: Objectives[][] = [];
  let before: Objectives | null = null;
  let rank = 0;
  for (const index of order) {
    const candidate = all[index] as Objectives;
    // Equals do not dominate one another: they share a front and need to stand in it once.
    if (before === null || lexicographic(before, candidate) !== 0) {
      rank = firstFront(fronts, candidate);
      const front = fronts[rank];
      if (front) front.push(candidate);
      else fronts.push([candidate]);
    }
    ranks[index] = rank;
    before = candidate;
  }
  return ranks;
}

function firstFront(fronts: readonly (readonly Objectives[])[], candidate: Objectives): number {
  let low = 0;
  let high = fronts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (frontDominates(fronts[middle] as readonly Objectives[], candidate)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function frontDominates(front: readonly Objectives[], candidate: Objectives): boolean {
  const first = candidate.length <= 2 ? front.length - 1 : 0;
  for (let index = front.length - 1; index >= first; index--) {
    if (dominates(front[index] as Objectives, candidate)) return true;
  }
  return false;
}

function lexicographic(one: Objectives, other: Objectives): number {
  for (let index = 0; index < one.length; index++) {
    const difference = (one[index] as number) - (other[index] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * How much room each has to its neighbours in its front, infinite at the ends of every objective
 * (Deb, Pratap, Agarwal, Meyarivan 2002, section III-B).
 */
export function crowdingDistances(front: readonly Objectives[]): readonly number[] {
  const distances = new Array<number>(front.length).fill(0);
  const count = front[0]?.length ?? 0;
  for (let objective = 0; objective < count; objective++) {
    const at = (index: number) => (front[index] as Objectives)[objective] as number;
    const order = front.map((_, index) => index).sort((one, other) => at(one) - at(other));
    const [first, last] = [order[0] as number, order[order.length - 1] as number];
    distances[first] = Number.POSITIVE_INFINITY;
    distances[last] = Number.POSITIVE_INFINITY;
    const span = at(last) - at(first);
    if (!(span > 0)) continue;
    for (let place = 1; place < order.length - 1; place++) {
      const gap = at(order[place + 1] as number) - at(order[place - 1] as number);
      distances[order[place] as number] = (distances[order[place] as number] ?? 0) + gap / span;
    }
  }
  return distances;
}

/**
 * The volume between the reference point and what the points dominate; points that do not lie
 * below the reference in every objective add nothing. Exact. O(n log n) for two objectives (three
 * keep a staircase up to date, at most O(n²) short moves); each further objective costs a factor
 * of n (slices: Zitzler 2001; Fonseca, Paquete, López-Ibáñez 2006).
 */
export function hypervolume(points: readonly Objectives[], reference: Objectives): number {
  const inside = points.filter((point) =>
    point.every((value, index) => value < (reference[index] as number)),
  );
  return volume(inside, reference, reference.length);
}

/** Of the first `depth` objectives. */
function volume(points: readonly Objectives[], reference: Objectives, depth: number): number {
  if (points.length === 0) return 0;
  const limit = reference[depth - 1] as number;
  const height = (point: Objectives) => point[depth - 1] as number;
  if (depth === 1) return limit - points.reduce((low, each) => Math.min(low, height(each)), limit);
  const rising = [...points].sort((one, other) => height(one) - height(other));
  if (depth === 2) return area(rising, reference);
  const grow = depth === 3 ? growingArea(reference) : growingSlice(reference, depth - 1);
  return rising.reduce((total, point, index) => {
    const next = rising[index + 1];
    const slice = grow(point);
    return total + slice * ((next ? height(next) : limit) - height(point));
  }, 0);
}

/** Points in rising order of the second objective: a rectangle for each that reaches further left. */
function area(rising: readonly Objectives[], [right = 0, top = 0]: Objectives): number {
  let reached = right;
  let total = 0;
  for (const [x = 0, y = 0] of rising) {
    if (x >= reached) continue;
    total += (reached - x) * (top - y);
    reached = x;
  }
  return total;
}

/** The volume below all points given so far, kept to those that still matter. */
function growingSlice(reference: Objectives, depth: number): (point: Objectives) => number {
  let kept: Objectives[] = [];
  let total = 0;
  const covers = (one: Objectives, other: Objectives) =>
    one.slice(0, depth).every((value, index) => value <= (other[index] as number));
  return (point) => {
    if (kept.some((each) => covers(each, point))) return total;
    kept = kept.filter((each) => !covers(point, each));
    kept.push(point);
    total = volume(kept, reference, depth);
    return total;
  };
}

/** The area of all points given so far: a staircase, rising in x and falling in y. */
function growingArea([right = 0, top = 0]: Objectives): (point: Objectives) => number {
  const stairs: Objectives[] = [];
  let total = 0;
  const x = (place: number) => stairs[place]?.[0] ?? right;
  const y = (place: number) => (place < 0 ? top : (stairs[place]?.[1] ?? Number.NEGATIVE_INFINITY));
  return (point) => {
    const [left = 0, bottom = 0] = point;
    let place = 0;
    for (let high = stairs.length; place < high; ) {
      const middle = (place + high) >> 1;
      if (x(middle) < left) place = middle + 1;
      else high = middle;
    }
    if (y(place - 1) <= bottom || (x(place) === left && y(place) <= bottom)) return total;
    let end = place;
    // Strips between one stair and the next: what the new point adds below the old line.
    let from = left;
    while (end < stairs.length && y(end) >= bottom) {
      total += (x(end) - from) * (y(end - 1) - bottom);
      from = x(end);
      end += 1;
    }
    total += (x(end) - from) * (y(end - 1) - bottom);
    stairs.splice(place, end - place, point);
    return total;
  };
}
