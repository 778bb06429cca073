/** @file Sharing out rows or whole groups so that every split comes near its fraction of every class. */
import type { RandomStream } from '../../plan/random.ts';

/** Fractions in the order train, validation, test; they sum to 1. */
export type Fractions = readonly [number, number, number];

/**
 * Rows one by one. Within a class the order is random, and each row goes to the split that is
 * furthest behind: no split is ever more than a row away from its share, of a class or of all.
 */
export function shareRows(
  classes: Int32Array,
  fractions: Fractions,
  random: RandomStream,
): Uint8Array {
  const order = random
    .permutation(classes.length)
    .sort((one, other) => (classes[one] as number) - (classes[other] as number));
  const split = new Uint8Array(classes.length);
  const counts = [0, 0, 0];
  for (const [index, row] of order.entries()) {
    const best = furthestBehind(fractions, (candidate, fraction) => {
      return fraction * (index + 1) - (counts[candidate] ?? 0);
    });
    split[row] = best;
    counts[best] = (counts[best] ?? 0) + 1;
  }
  return split;
}

/**
 * Whole groups, from the largest to the smallest, those alike in random order. Each goes to the split that
 * is furthest behind in the classes of its rows. So every split gets its share of the large groups as
 * well as of the small ones (patients who come often differ from others), and the small ones make
 * up for what the large ones left uneven. Classes are met as nearly as the groups allow.
 */
export function shareGroups(
  groups: Int32Array,
  classes: Int32Array,
  fractions: Fractions,
  random: RandomStream,
): Uint8Array {
  const tallies = tallyGroups(groups, classes);
  const seen: Tally = new Map();
  const counts: Tally[] = fractions.map(() => new Map());
  const splitOf = new Uint8Array(tallies.length);
  for (const group of largeFirst(tallies, random)) {
    const members = tallies[group] as Tally;
    for (const [label, count] of members) add(seen, label, count);
    const best = furthestBehind(fractions, (candidate, fraction) => {
      let need = 0;
      for (const [label, count] of members)
        need += count * (fraction * at(seen, label) - at(counts[candidate], label));
      return need;
    });
    splitOf[group] = best;
    for (const [label, count] of members) add(counts[best], label, count);
  }
  return Uint8Array.from(groups, (group) => splitOf[group] as number);
}

function furthestBehind(
  fractions: Fractions,
  need: (candidate: number, fraction: number) => number,
): number {
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (let candidate = 0; candidate < fractions.length; candidate++) {
    const fraction = fractions[candidate] as number;
    const behind = fraction > 0 ? need(candidate, fraction) : Number.NEGATIVE_INFINITY;
    if (behind > most) {
      best = candidate;
      most = behind;
    }
  }
  return best;
}

/** How many rows of each class. */
type Tally = Map<number, number>;
const at = (tally: Tally | undefined, label: number) => tally?.get(label) ?? 0;
const add = (tally: Tally | undefined, label: number, count: number) =>
  tally?.set(label, at(tally, label) + count);

function tallyGroups(groups: Int32Array, classes: Int32Array): Tally[] {
  const tallies: Tally[] = [];
  for (const [row, group] of groups.entries()) {
    tallies[group] ??= new Map();
    add(tallies[group], classes[row] as number, 1);
  }
  return tallies;
}

function largeFirst(tallies: readonly Tally[], random: RandomStream): number[] {
  const kinds = tallies.map((members) => {
    const sorted = [...members].sort(([one], [other]) => one - other);
    const size = sorted.reduce((sum, [, count]) => sum + count, 0);
    return { size, kind: sorted.join(' ') };
  });
  return [...random.permutation(tallies.length)].sort((one, other) => {
    const [first, second] = [kinds[one], kinds[other]];
    if (!first || !second) throw new Error('internal: a group without rows');
    if (first.size !== second.size) return second.size - first.size;
    return first.kind < second.kind ? -1 : first.kind > second.kind ? 1 : 0;
  });
}
