/** @file Sharing out rows or whole groups so that every split comes near its fraction of every class. */
import type { RandomStream } from '../../plan/random.ts';
import { type GroupKind, inOrderOf, kindsOfGroups } from './groups.ts';

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
  const order = inOrderOf(classes, random.permutation(classes.length));
  const split = new Uint8Array(classes.length);
  const counts = [0, 0, 0];
  for (let index = 0; index < order.length; index++) {
    const best = furthestBehind(fractions, (candidate, fraction) => {
      return fraction * (index + 1) - (counts[candidate] ?? 0);
    });
    split[order[index] as number] = best;
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
  const { kinds, kindOf } = kindsOfGroups(groups, classes);
  const seen: Tally = new Map();
  const counts: Tally[] = fractions.map(() => new Map());
  const splitOf = new Uint8Array(kindOf.length);
  for (const group of largeFirst(kinds, kindOf, random)) {
    const { members } = kinds[kindOf[group] as number] as GroupKind;
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
  const split = new Uint8Array(groups.length);
  for (let row = 0; row < split.length; row++)
    split[row] = splitOf[groups[row] as number] as number;
  return split;
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

/** From the largest to the smallest, those alike in random order. */
function largeFirst(
  kinds: readonly GroupKind[],
  kindOf: Int32Array,
  random: RandomStream,
): Int32Array {
  const ranks = ranksOf(kinds);
  const rankOf = kindOf.map((kind) => ranks[kind] as number);
  return inOrderOf(rankOf, random.permutation(kindOf.length));
}

/** Kinds that differ in nothing but the order of their rows have the same rank. */
function ranksOf(kinds: readonly GroupKind[]): Int32Array {
  const compare = (one: GroupKind, other: GroupKind): number => {
    if (one.size !== other.size) return other.size - one.size;
    return one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
  };
  const ranks = new Int32Array(kinds.length);
  const sorted = [...kinds.keys()].sort((one, other) =>
    compare(kinds[one] as GroupKind, kinds[other] as GroupKind),
  );
  let rank = 0;
  for (const [place, kind] of sorted.entries()) {
    const before = kinds[sorted[place - 1] ?? kind] as GroupKind;
    if (compare(before, kinds[kind] as GroupKind) !== 0) rank++;
    ranks[kind] = rank;
  }
  return ranks;
}
