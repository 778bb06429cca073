/** @file Points that no other beats, and the volume that they cover; every number is a cost. */

export type Costs = readonly number[];

/** At least as good everywhere, and better somewhere. */
export function dominates(one: Costs, other: Costs): boolean {
  let isBetter = false;
  for (let axis = 0; axis < one.length; axis++) {
    const [cost, against] = [one[axis] ?? Number.NaN, other[axis] ?? Number.NaN];
    if (!(cost <= against)) return false;
    if (cost < against) isBetter = true;
  }
  return isBetter;
}

/**
 * Which points no other dominates (Pareto): their places, in order. Equal points stay together; a
 * point with a cost that is no finite number is never among them.
 */
export function frontOf(points: readonly Costs[]): readonly number[] {
  const order = [...points.keys()]
    .filter((place) => points[place]?.every(Number.isFinite))
    .sort((one, other) => inWords(points[one] ?? [], points[other] ?? []));
  const front: number[] = [];
  // In this order nothing that comes later dominates what came before, and who dominates stands near.
  for (const place of order) {
    const costs = points[place] ?? [];
    const better = front.findLast((other) => dominates(points[other] ?? [], costs));
    if (better === undefined) front.push(place);
  }
  return front.sort((one, other) => one - other);
}

/** As words stand in a dictionary: by the first cost, then by the second, … */
function inWords(one: Costs, other: Costs): number {
  const at = one.findIndex((cost, index) => cost !== other[index]);
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}

/**
 * The volume between the points and a reference that is worse than they are (Zitzler, Thiele
 * 1998), by slices along the last axis (While, Hingston, Barone, Huband 2006). Meant for two or
 * three axes; each more costs a factor of the size of the front.
 */
export function hypervolume(points: readonly Costs[], reference: Costs): number {
  const inside = points.filter((point) =>
    point.every((cost, axis) => cost < (reference[axis] ?? Number.NEGATIVE_INFINITY)),
  );
  const axis = reference.length - 1;
  const end = reference[axis] ?? 0;
  if (axis === 0) return end - inside.reduce((least, [cost = end]) => Math.min(least, cost), end);
  const byLast = (one: Costs, other: Costs) => (one[axis] ?? 0) - (other[axis] ?? 0);
  if (axis === 1) return area(inside.sort(byLast), reference);
  const order = frontOf(inside)
    .map((place) => inside[place] ?? [])
    .sort(byLast);
  const floor = reference.slice(0, axis);
  return order.reduce((sum, point, place) => {
    const depth = (order[place + 1]?.[axis] ?? end) - (point[axis] ?? 0);
    if (depth === 0) return sum;
    const seen = order.slice(0, place + 1).map((each) => each.slice(0, axis));
    return sum + depth * hypervolume(seen, floor);
  }, 0);
}

/** Of points that are sorted by the second axis: stripes, each as wide as it adds; or none. */
function area(order: readonly Costs[], [right = 0, top = 0]: Costs): number {
  let [sum, left] = [0, right];
  for (const [x = right, y = top] of order) {
    if (x >= left) continue;
    sum += (left - x) * (top - y);
    left = x;
  }
  return sum;
}

/** What a point adds to the volume of others. */
export function addedVolume(point: Costs, others: readonly Costs[], reference: Costs): number {
  const whole = hypervolume([point], reference);
  if (whole === 0) return 0;
  // Of the others only what lies within the point's own box is taken from it.
  const shared = others.map((other) =>
    other.map((cost, axis) => Math.max(cost, point[axis] ?? cost)),
  );
  return Math.max(0, whole - hypervolume(shared, reference));
}
