/** @file Which swept parameter matters for which metric, and so for which task. */
import { rng } from '../../plan/random.ts';
import type { RunView } from '../read-run.ts';
import { type Axis, effectsOf } from './fanova.ts';
import { costOf, edgeOf, finishedChoices } from './finished.ts';
import { type Column, growForest } from './forest.ts';
import { type SweptParameter, sweptParameters } from './parameters.ts';

export interface ParameterShare {
  /** Several, where they changed together and nothing can tell them apart. */
  readonly paths: readonly string[];
  readonly name: string;
  /** Of the metric's variance over the search space, what this explains alone: 0 to 1. */
  readonly share: number;
  /** Of the share, from tree to tree. */
  readonly deviation: number;
}

export interface Importance {
  readonly metric: string;
  /** The choices it was learned from, and how many there are. */
  readonly choices: number;
  readonly of: number;
  /** How much of the variance of unseen choices the forest tells: near 0, the shares say nothing. */
  readonly fit: number;
  /** The most important first. */
  readonly parameters: readonly ParameterShare[];
  /** What two explain beyond what each does, the largest first; those below 1 % are left out. */
  readonly pairs: readonly { readonly names: readonly [string, string]; readonly share: number }[];
}

const trees = 64;
/** More choices tell little more, and each costs as much again: of more, so many are drawn. */
export const mostChoices = 1000;
/** Fewer tell nothing. */
export const fewestChoices = 10;
/** Pairs are looked for among the most important parameters. */
const pairedParameters = 6;

/** The objectives, then each task's first metric: from ten choices and two parameters on. */
export function importancesOf(view: RunView): readonly Importance[] {
  const importances = known.get(view) ?? computed(view);
  known.set(view, importances);
  return importances;
}

/** The page and the pictures of one view ask for the same. */
const known = new WeakMap<RunView, readonly Importance[]>();

function computed(view: RunView): readonly Importance[] {
  const firsts = Object.entries(view.heads).flatMap(([head, { metrics }]) =>
    metrics.slice(0, 1).map(({ name }) => `validation/${head}/${name}`),
  );
  const metrics = [...new Set([...view.objective.map(({ metric }) => metric), ...firsts])];
  const choices = finishedChoices(view, metrics);
  return metrics.flatMap((metric, index) => {
    const known = choices
      .map(({ parameters, values }) => ({ parameters, value: values[index] ?? Number.NaN }))
      .filter(({ value }) => Number.isFinite(value));
    return importanceOf(metric, cut(known, directionOf(view, metric))) ?? [];
  });
}

function directionOf({ objective, heads }: RunView, metric: string): 'minimize' | 'maximize' {
  const [, head = '', name] = metric.split('/');
  const own = heads[head]?.metrics.find((each) => each.name === name);
  return (objective.find((each) => each.metric === metric) ?? own)?.direction ?? 'minimize';
}

/** What is far worse than all others counts as the edge: else it alone would have all the variance. */
function cut(choices: readonly Measured[], direction: 'minimize' | 'maximize') {
  const { edge } = edgeOf(choices.map(({ value }) => costOf(value, direction)));
  return choices.map(({ parameters, value }) => ({
    parameters,
    value: costOf(Math.min(edge, costOf(value, direction)), direction),
  }));
}

export interface Measured {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly value: number;
}

/** Null where there are too few choices, fewer than two parameters, or always the same value. */
export function importanceOf(metric: string, all: readonly Measured[]): Importance | null {
  const random = rng(0, 'importance', metric);
  const choices = drawn(all, random.permutation(all.length));
  const groups = grouped(sweptParameters(choices.map(({ parameters }) => parameters)));
  const target = Float64Array.from(choices, ({ value }) => value);
  const isFlat = target.every((value) => value === target[0]);
  if (choices.length < fewestChoices || groups.length < 2 || isFlat) return null;
  const columns = groups.map(([first]) => columnOf(first));
  const forest = growForest(columns, target, trees, random);
  const effects = effectsOf(
    forest.trees,
    groups.map(([first]) => axisOf(first)),
  );
  const shares = groups.map((group, index) => ({
    index,
    paths: group.map(({ path }) => path),
    name: group.map(({ name }) => name).join(' + '),
    ...momentsOf(effects.main[index] ?? new Float64Array()),
  }));
  shares.sort((one, other) => other.share - one.share);
  return {
    metric,
    choices: choices.length,
    of: all.length,
    fit: forest.fit,
    parameters: shares.map(({ index: _, ...share }) => share),
    pairs: pairsOf(shares.slice(0, pairedParameters), effects.pair),
  };
}

function drawn(all: readonly Measured[], order: Int32Array): readonly Measured[] {
  if (all.length <= mostChoices) return all;
  return [...order.slice(0, mostChoices).sort()].flatMap((index) => all[index] ?? []);
}

type Group = readonly [SweptParameter, ...SweptParameter[]];

/**
 * Parameters that always change together, as one. Those that are always set come first: where a
 * question about whether a parameter is set tells the same, the one that decides it is asked.
 */
function grouped(parameters: readonly SweptParameter[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const parameter of [...parameters].sort((one, other) => one.inactive - other.inactive)) {
    const key = keyOf(parameter);
    const group = groups.get(key);
    groups.set(key, group ? [...group, parameter] : [parameter]);
  }
  return [...groups.values()];
}

/**
 * Which choices have the same value; of numbers that hardly ever repeat, the order of the choices,
 * since each of two that were drawn by themselves tells all choices apart.
 */
function keyOf({ scale, places }: SweptParameter): string {
  const distinct = [...new Set(places)];
  const isOrdered = scale !== 'categories' && 2 * distinct.length > places.length;
  if (isOrdered) distinct.sort((one, other) => one - other);
  const numbers = new Map(distinct.map((place, index) => [place, index]));
  return Array.from(places, (place) => numbers.get(place)).join();
}

/** What is not set is a category of its own, or lies below all numbers. */
function columnOf({ scale, labels, places, inactive }: SweptParameter): Column {
  if (scale !== 'categories') return { places, categories: null };
  const own = places.map((place) => (place < 0 ? labels.length : place));
  return { places: own, categories: labels.length + (inactive > 0 ? 1 : 0) };
}

/** All steps and categories are as likely as each other, and all numbers of a range. */
function axisOf({ scale, labels, places, inactive }: SweptParameter): Axis {
  const unset = inactive / places.length;
  const count = labels.length;
  const part = (share: number) => unset + (1 - unset) * Math.min(1, Math.max(0, share));
  switch (scale) {
    case 'categories': {
      const shares = new Float64Array(count + (inactive > 0 ? 1 : 0)).fill((1 - unset) / count);
      if (inactive > 0) shares[count] = unset;
      return { shares, below: () => Number.NaN };
    }
    case 'steps':
      return { shares: null, below: (place) => part(Math.ceil(place) / count) };
    case 'linear':
    case 'log':
      return { shares: null, below: part };
    default:
      return scale satisfies never;
  }
}

function momentsOf(values: Float64Array): { share: number; deviation: number } {
  const count = Math.max(1, values.length);
  const share = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - share) ** 2, 0);
  return { share, deviation: Math.sqrt(squares / count) };
}

function pairsOf(
  shares: readonly { readonly index: number; readonly name: string }[],
  pair: (one: number, other: number) => Float64Array,
): Importance['pairs'] {
  return shares
    .flatMap((one, at) =>
      shares.slice(at + 1).map((other) => ({
        names: [one.name, other.name] as const,
        share: momentsOf(pair(one.index, other.index)).share,
      })),
    )
    .filter(({ share }) => share >= 0.01)
    .sort((one, other) => other.share - one.share);
}
