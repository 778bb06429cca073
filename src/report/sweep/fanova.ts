/**
 * @file Functional ANOVA of a forest (Hutter, Hoos, Leyton-Brown 2014): how much of the variance of
 * a tree, over the whole space, is due to one column, or to two together. Exact, from the leaves.
 */
import type { Tree } from './forest.ts';

/** What a column of the forest can be, and how likely each part of it is. */
export interface Axis {
  /** By category its share of the space; null for numbers. */
  readonly shares: Float64Array | null;
  /** Of numbers: the share of the space below a place. */
  readonly below: (place: number) => number;
}

export interface Effects {
  /** By column, the share of the variance of each tree that it explains alone. */
  readonly main: readonly Float64Array[];
  /** The same for what two columns explain beyond what each of them does. */
  readonly pair: (one: number, other: number) => Float64Array;
}

/** Trees that say the same everywhere have no variance to explain and are left out. */
export function effectsOf(trees: readonly Tree[], axes: readonly Axis[]): Effects {
  const spaces = trees
    .map((tree) => partitionOf(tree, axes))
    .filter(({ variance }) => variance > 0);
  const main = axes.map((_, column) =>
    Float64Array.from(spaces, (space) => mainVariance(space, column) / space.variance),
  );
  return {
    main,
    pair: (one, other) =>
      Float64Array.from(spaces, (space, index) => {
        const both = pairVariance(space, one, other) / space.variance;
        return both - (main[one]?.[index] ?? 0) - (main[other]?.[index] ?? 0);
      }),
  };
}

/** A column cut into cells by all the questions that a tree asks about it. */
interface Cells {
  /** Of numbers: the thresholds between the cells. */
  readonly thresholds: Float64Array;
  /** By cell, its share of the axis. */
  readonly shares: Float64Array;
}

/** By column: stretches of cells, as [begin, end, begin, end, …], and their share of the axis. */
interface Side {
  readonly stretches: readonly number[];
  readonly share: number;
}
interface Leaf {
  readonly value: number;
  readonly sides: readonly Side[];
  /** Its share of the whole space. */
  readonly share: number;
}

interface Partition {
  readonly cells: readonly Cells[];
  readonly leaves: readonly Leaf[];
  readonly mean: number;
  readonly variance: number;
}

function partitionOf(tree: Tree, axes: readonly Axis[]): Partition {
  const thresholds = axes.map(() => new Set<number>());
  const ask = (node: Tree): void => {
    if ('value' in node) return;
    if (node.threshold !== null) thresholds[node.column]?.add(node.threshold);
    ask(node.low);
    ask(node.high);
  };
  ask(tree);
  const cells = axes.map((axis, column) => cellsOf(axis, thresholds[column] ?? new Set()));
  const leaves: Leaf[] = [];
  const walk = (node: Tree, sides: readonly Side[]): void => {
    if ('value' in node) {
      leaves.push({ value: node.value, sides, share: productOf(sides) });
      return;
    }
    for (const isLow of [true, false]) {
      const side = halfOf(node, isLow, sides[node.column], cells[node.column]);
      walk(isLow ? node.low : node.high, sides.with(node.column, side));
    }
  };
  walk(
    tree,
    cells.map(({ shares }) => ({ stretches: [0, shares.length], share: 1 })),
  );
  const mean = leaves.reduce((sum, { value, share }) => sum + share * value, 0);
  const variance = leaves.reduce((sum, { value, share }) => sum + share * (value - mean) ** 2, 0);
  return { cells, leaves, mean, variance };
}

const productOf = (sides: readonly Side[]): number =>
  sides.reduce((product, { share }) => product * share, 1);

function cellsOf({ shares, below }: Axis, thresholds: ReadonlySet<number>): Cells {
  if (shares) return { thresholds: new Float64Array(), shares };
  const sorted = Float64Array.from(thresholds).sort();
  const ends = [...sorted, Number.POSITIVE_INFINITY].map((end) => below(end));
  const widths = ends.map((end, index) => end - (index > 0 ? (ends[index - 1] ?? 0) : 0));
  return { thresholds: sorted, shares: Float64Array.from(widths) };
}

/** What of a side lies on one side of a question. */
function halfOf(
  node: Exclude<Tree, { value: number }>,
  isLow: boolean,
  side: Side | undefined,
  cells: Cells | undefined,
): Side {
  const [before = [], shares = new Float64Array()] = [side?.stretches, cells?.shares];
  const stretches: number[] = [];
  const cut = node.threshold === null ? -1 : 1 + (cells?.thresholds.indexOf(node.threshold) ?? 0);
  for (let at = 0; at < before.length; at += 2) {
    const [begin = 0, end = 0] = [before[at], before[at + 1]];
    if (cut >= 0) {
      const [from, to] = isLow ? [begin, Math.min(end, cut)] : [Math.max(begin, cut), end];
      if (from < to) stretches.push(from, to);
    } else {
      for (let cell = begin; cell < end; cell++) {
        if ((node.isLow[cell] === 1) !== isLow) continue;
        if (stretches.at(-1) === cell) stretches[stretches.length - 1] = cell + 1;
        else stretches.push(cell, cell + 1);
      }
    }
  }
  return { stretches, share: shareOf(stretches, shares) };
}

function shareOf(stretches: readonly number[], shares: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < stretches.length; at += 2)
    for (let cell = stretches[at] ?? 0; cell < (stretches[at + 1] ?? 0); cell++)
      sum += shares[cell] ?? 0;
  return sum;
}

/** The variance of the mean over all other columns. */
function mainVariance({ cells, leaves, mean }: Partition, column: number): number {
  const { shares } = cells[column] ?? { shares: new Float64Array() };
  // Differences from cell to cell; their sums are the means.
  const steps = new Float64Array(shares.length + 1);
  for (const { value, share, sides } of leaves) {
    const side = sides[column];
    if (!side || side.share === 0) continue;
    const part = (value - mean) * (share / side.share);
    for (let at = 0; at < side.stretches.length; at++) {
      const cell = side.stretches[at] ?? 0;
      steps[cell] = (steps[cell] ?? 0) + (at % 2 === 0 ? part : -part);
    }
  }
  let [level, variance] = [0, 0];
  for (let cell = 0; cell < shares.length; cell++) {
    level += steps[cell] ?? 0;
    variance += (shares[cell] ?? 0) * level ** 2;
  }
  return variance;
}

/** The variance of the mean over all columns but two. */
function pairVariance({ cells, leaves, mean }: Partition, one: number, other: number): number {
  const [rows, columns] = [cells[one]?.shares, cells[other]?.shares];
  if (!rows || !columns) return 0;
  const width = columns.length + 1;
  const steps = new Float64Array((rows.length + 1) * width);
  for (const { value, share, sides } of leaves) {
    const [down, across] = [sides[one], sides[other]];
    if (!down || !across || down.share * across.share === 0) continue;
    const part = (value - mean) * (share / (down.share * across.share));
    for (let at = 0; at < down.stretches.length; at++)
      for (let to = 0; to < across.stretches.length; to++) {
        const place = (down.stretches[at] ?? 0) * width + (across.stretches[to] ?? 0);
        steps[place] = (steps[place] ?? 0) + ((at + to) % 2 === 0 ? part : -part);
      }
  }
  let variance = 0;
  const levels = new Float64Array(width);
  for (let row = 0; row < rows.length; row++) {
    let [level, squares] = [0, 0];
    for (let column = 0; column < columns.length; column++) {
      const step = (levels[column] ?? 0) + (steps[row * width + column] ?? 0);
      levels[column] = step;
      level += step;
      squares += (columns[column] ?? 0) * level * level;
    }
    variance += (rows[row] ?? 0) * squares;
  }
  return variance;
}
