/** @file A random forest of regression trees (Breiman 2001) on columns of numbers and categories. */
import type { RandomStream } from '../../plan/random.ts';

/** One thing that a tree can ask about. */
export interface Column {
  /** By row: a number, or the place of a category. */
  readonly places: Float64Array;
  /** How many categories there are; null for numbers. */
  readonly categories: number | null;
}

export type Tree =
  | { readonly value: number }
  | {
      readonly column: number;
      /** Numbers below go to `low`; null where categories are told apart. */
      readonly threshold: number | null;
      /** By category, 1 for those that go to `low`. */
      readonly isLow: Uint8Array;
      readonly low: Tree;
      readonly high: Tree;
    };

export interface Forest {
  readonly trees: readonly Tree[];
  /**
   * How much of the variance it tells of rows that a tree has not seen (out of bag): 1 is all of
   * it, 0 no more than the mean does; NaN where there is nothing to tell.
   */
  readonly fit: number;
}

/** Grown until each leaf is of one value, on rows drawn with replacement; every column is asked. */
export function growForest(
  columns: readonly Column[],
  target: Float64Array,
  trees: number,
  random: RandomStream,
): Forest {
  const rows = target.length;
  const sorted = columns.map(({ places }) =>
    Int32Array.from(places.keys()).sort((one, other) => (places[one] ?? 0) - (places[other] ?? 0)),
  );
  const sums = new Float64Array(rows);
  const counts = new Int32Array(rows);
  const grown = Array.from({ length: trees }, () => {
    const weights = new Float64Array(rows);
    for (let draw = 0; draw < rows; draw++) {
      const row = random.integer(rows);
      weights[row] = (weights[row] ?? 0) + 1;
    }
    const orders = sorted.map((order) => order.filter((row) => weights[row]));
    const tree = growTree({ columns, target, weights, orders });
    for (let row = 0; row < rows; row++) {
      if (weights[row]) continue;
      sums[row] = (sums[row] ?? 0) + predict(tree, columns, row);
      counts[row] = (counts[row] ?? 0) + 1;
    }
    return tree;
  });
  return { trees: grown, fit: fitOf(target, sums, counts) };
}

export function predict(tree: Tree, columns: readonly Column[], row: number): number {
  let node = tree;
  while (!('value' in node)) {
    const place = columns[node.column]?.places[row] ?? 0;
    const isLow = node.threshold === null ? node.isLow[place] === 1 : place < node.threshold;
    node = isLow ? node.low : node.high;
  }
  return node.value;
}

function fitOf(target: Float64Array, sums: Float64Array, counts: Int32Array): number {
  const seen = [...target.keys()].filter((row) => counts[row]);
  const mean = seen.reduce((sum, row) => sum + (target[row] ?? 0), 0) / seen.length;
  let [left, whole] = [0, 0];
  for (const row of seen) {
    const value = target[row] ?? 0;
    left += (value - (sums[row] ?? 0) / (counts[row] ?? 1)) ** 2;
    whole += (value - mean) ** 2;
  }
  return whole > 0 ? 1 - left / whole : Number.NaN;
}

interface Bag {
  readonly columns: readonly Column[];
  readonly target: Float64Array;
  /** How often each row was drawn. */
  readonly weights: Float64Array;
  /** By column, the rows of the bag in its order; a node is the same stretch of each. */
  readonly orders: readonly Int32Array[];
}

interface Split {
  readonly column: number;
  readonly threshold: number | null;
  readonly isLow: Uint8Array;
  /** By how much the squares of the means grow: the larger, the purer are the halves. */
  readonly score: number;
}

function growTree(bag: Bag): Tree {
  const side = new Uint8Array(bag.target.length);
  const rows = bag.orders[0]?.length ?? 0;
  const scratch = new Int32Array(rows);
  const grow = (begin: number, end: number): Tree => {
    const { weight, sum, isPure } = totals(bag, begin, end);
    if (isPure) return { value: sum / weight };
    const split = bestSplit(bag, begin, end, (sum * sum) / weight);
    if (!split) return { value: sum / weight };
    const { column, threshold, isLow } = split;
    const places = bag.columns[column]?.places ?? new Float64Array();
    const order = bag.orders[column] ?? scratch;
    for (let at = begin; at < end; at++) {
      const row = order[at] ?? 0;
      const place = places[row] ?? 0;
      side[row] = Number(threshold === null ? isLow[place] === 1 : place < threshold);
    }
    let middle = begin;
    for (const each of bag.orders) middle = partition(each, begin, end, side, scratch);
    return { column, threshold, isLow, low: grow(begin, middle), high: grow(middle, end) };
  };
  return grow(0, rows);
}

function totals({ target, weights, orders: [order] }: Bag, begin: number, end: number) {
  let [weight, sum] = [0, 0];
  const first = target[order?.[begin] ?? 0] ?? 0;
  let isPure = true;
  for (let at = begin; at < end; at++) {
    const row = order?.[at] ?? 0;
    const value = target[row] ?? 0;
    weight += weights[row] ?? 0;
    sum += (weights[row] ?? 0) * value;
    if (value !== first) isPure = false;
  }
  return { weight, sum, isPure };
}

/** Rows of one side first, each side in the order it had; where the other one begins. */
function partition(
  order: Int32Array,
  begin: number,
  end: number,
  side: Uint8Array,
  scratch: Int32Array,
): number {
  let [middle, others] = [begin, 0];
  for (let at = begin; at < end; at++) {
    const row = order[at] ?? 0;
    if (side[row]) order[middle++] = row;
    else scratch[others++] = row;
  }
  order.set(scratch.subarray(0, others), middle);
  return middle;
}

/** The first of the best: a later column has to be better by more than rounding. */
function bestSplit(bag: Bag, begin: number, end: number, before: number): Split | null {
  let best: Split | null = null;
  let score = before + 1e-12 * Math.abs(before);
  for (const [column, { categories }] of bag.columns.entries()) {
    const split =
      categories === null
        ? numberSplit(bag, column, begin, end)
        : categorySplit(bag, column, begin, end, categories);
    if (!split || !(split.score > score)) continue;
    best = split;
    score = split.score + 1e-12 * Math.abs(split.score);
  }
  return best;
}

const noCategories = new Uint8Array();

function numberSplit(bag: Bag, column: number, begin: number, end: number): Split | null {
  const { target, weights } = bag;
  const order = bag.orders[column] ?? new Int32Array();
  const places = bag.columns[column]?.places ?? new Float64Array();
  let [weight, sum] = [0, 0];
  for (let at = begin; at < end; at++) {
    const row = order[at] ?? 0;
    weight += weights[row] ?? 0;
    sum += (weights[row] ?? 0) * (target[row] ?? 0);
  }
  let [lowWeight, lowSum, score, threshold] = [0, 0, Number.NEGATIVE_INFINITY, Number.NaN];
  for (let at = begin; at < end - 1; at++) {
    const row = order[at] ?? 0;
    lowWeight += weights[row] ?? 0;
    lowSum += (weights[row] ?? 0) * (target[row] ?? 0);
    const [here, next] = [places[row] ?? 0, places[order[at + 1] ?? 0] ?? 0];
    if (here === next) continue;
    const own = lowSum ** 2 / lowWeight + (sum - lowSum) ** 2 / (weight - lowWeight);
    // Between neighbouring numbers there is no middle.
    const half = (here + next) / 2;
    if (own > score) [score, threshold] = [own, half > here ? half : next];
  }
  return Number.isNaN(threshold) ? null : { column, threshold, isLow: noCategories, score };
}

/**
 * Categories in the order of their means: the best of all ways to part them in two is then one
 * cut (Fisher 1958; Breiman et al. 1984). Those that are not here go with the heavier side.
 */
function categorySplit(
  bag: Bag,
  column: number,
  begin: number,
  end: number,
  categories: number,
): Split | null {
  const weights = new Float64Array(categories);
  const sums = new Float64Array(categories);
  const places = bag.columns[column]?.places ?? new Float64Array();
  let [weight, sum] = [0, 0];
  for (let at = begin; at < end; at++) {
    const row = bag.orders[column]?.[at] ?? 0;
    const place = places[row] ?? 0;
    const own = bag.weights[row] ?? 0;
    weights[place] = (weights[place] ?? 0) + own;
    sums[place] = (sums[place] ?? 0) + own * (bag.target[row] ?? 0);
    weight += own;
    sum += own * (bag.target[row] ?? 0);
  }
  const meanOf = (place: number) => (sums[place] ?? 0) / (weights[place] ?? 1);
  const present = [...weights.keys()].filter((place) => weights[place]);
  present.sort((one, other) => meanOf(one) - meanOf(other) || one - other);
  let [lowWeight, lowSum, score, cut, cutWeight] = [0, 0, Number.NEGATIVE_INFINITY, 0, 0];
  for (const [at, place] of present.slice(0, -1).entries()) {
    lowWeight += weights[place] ?? 0;
    lowSum += sums[place] ?? 0;
    const own = lowSum ** 2 / lowWeight + (sum - lowSum) ** 2 / (weight - lowWeight);
    if (own > score) [score, cut, cutWeight] = [own, at + 1, lowWeight];
  }
  if (cut === 0) return null;
  const isLow = new Uint8Array(categories).fill(2 * cutWeight > weight ? 1 : 0);
  for (const [at, place] of present.entries()) isLow[place] = at < cut ? 1 : 0;
  return { column, threshold: null, isLow, score };
}
