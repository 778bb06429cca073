/** @file What TPE knows of dimensions that are there together: where good points lie, and where bad ones. */

import type { Dimension, Point, SearchSpace } from '../../spec/space/search-space.ts';
import type { Observation } from '../define-sampler.ts';
import type { RandomStream } from '../random.ts';
import { type Cells, densityAt, drawFrom, type Mixture, mixtureOf } from './tpe-mixture.ts';
import { cellOf, coordinateAt } from './unit-interval.ts';

/** Dimensions with the same conditions. */
export type Group = readonly Dimension[];

/** In an order in which the conditions of a group speak of groups before it only. */
export function groupsOf({ dimensions }: SearchSpace): readonly Group[] {
  const groups = new Map<string, Dimension[]>();
  for (const dimension of dimensions) {
    const key = JSON.stringify(dimension.when);
    const group = groups.get(key);
    if (group) group.push(dimension);
    else groups.set(key, [dimension]);
  }
  return [...groups.values()];
}

export interface Model {
  readonly good: Mixture;
  readonly bad: Mixture;
}

export interface Evidence {
  readonly history: readonly Observation[];
  /** Those of the history that count as good ones, the best first. */
  readonly good: readonly Observation[];
  /** Points that count as bad ones besides. */
  readonly avoid: readonly Point[];
  readonly priorWeight: number;
}

/** Of more bad points than this every second, third, … is looked at: a proposal stays quick. */
const mostBad = 500;
/** Points that count in full; older ones count the less the older they are. */
const recent = 25;

export function learn(group: Group, { history, good, avoid, priorWeight }: Evidence): Model {
  const name = group[0]?.name ?? '';
  const isHere = (point: Point) => name in point;
  const isGood = new Set(good);
  const best = good.map(({ point }) => point).filter(isHere);
  const rest = history.filter((each) => !isGood.has(each)).map(({ point }) => point);
  const bad = thinned([...rest, ...avoid].filter(isHere));
  const mixture = (points: readonly Point[], weights: readonly number[]) =>
    mixtureOf({
      distributions: group.map(({ distribution }) => distribution),
      points: points.map((point) => cellsOf(group, point)),
      weights,
      priorWeight,
    });
  return {
    good: mixture(best, weightsByRank(best.length)),
    bad: mixture(bad, weightsByAge(bad.length)),
  };
}

const cellsOf = (group: Group, point: Point): Cells =>
  group.map(({ name, distribution }) => cellOf(distribution, point[name] ?? Number.NaN));

/** Falling from the best one, nine times that of the last; 1 in the mean. */
const weightsByRank = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, rank) => 1 + 0.8 * (1 - (2 * rank + 1) / count));

/** Rising to 1 for the latest ones (Bergstra, Yamins, Cox 2013, ICML). */
const weightsByAge = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => {
    const old = count - recent;
    return index >= old ? 1 : 1 / count + (1 - 1 / count) * (index / Math.max(1, old - 1));
  });

function thinned(points: readonly Point[]): readonly Point[] {
  const stride = Math.ceil(points.length / mostBad);
  return points.filter((_, index) => (points.length - 1 - index) % stride === 0);
}

/** Of so many points drawn from the good ones, the one with the largest good / bad density. */
export function mostPromising(
  group: Group,
  { good, bad }: Model,
  candidates: number,
  random: RandomStream,
): Point {
  let best: Point = {};
  let greatest = Number.NEGATIVE_INFINITY;
  for (let candidate = 0; candidate < candidates; candidate++) {
    const shares = drawFrom(good, random);
    const point = Object.fromEntries(
      group.map(({ name, distribution }, axis) => [
        name,
        coordinateAt(distribution, shares[axis] ?? Number.NaN),
      ]),
    );
    const cells = cellsOf(group, point);
    const promise = densityAt(good, cells) / densityAt(bad, cells);
    if (candidate === 0 || promise > greatest) {
      greatest = promise;
      best = point;
    }
  }
  return best;
}
