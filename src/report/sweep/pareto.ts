/** @file Several objectives: the choices that no other beats, and how far the sweep has come. */
import { dominates, type Objectives } from '../../plan/pareto.ts';
import type { RunView } from '../read-run.ts';
import { costOf, type FinishedChoice, finishedChoices } from './finished.ts';
import { addedVolume, frontOf } from './front.ts';

/** The finished joint choices that no other dominates; of one objective, the best one. */
export function paretoFront(view: RunView): readonly FinishedChoice[] {
  const choices = finishedChoices(view);
  const costs = choices.map((each) => costsOf(view, each));
  return frontOf(costs).flatMap((place) => choices[place] ?? []);
}

const costsOf = ({ objective }: RunView, { values }: FinishedChoice): Objectives =>
  values.map((value, index) => costOf(value, objective[index]?.direction ?? 'minimize'));

export interface HypervolumeHistory {
  /** Of the box between the best and the worst that was seen, the share that is covered: 0 to 1. */
  readonly value: number;
  /** By metric, the worst value that was seen: from there the volume is measured. */
  readonly reference: Readonly<Record<string, number>>;
  /** By metric, the best value that was seen. */
  readonly best: Readonly<Record<string, number>>;
  /** The value after each finished choice, in their order. */
  readonly history: readonly { readonly choice: string; readonly value: number }[];
}

/** A volume of more axes is costly, and tells nobody anything. */
export const mostVolumeObjectives = 3;

/** For two or three objectives and from two choices on, else null. */
export function hypervolumeHistory(view: RunView): HypervolumeHistory | null {
  const { objective } = view;
  if (objective.length < 2 || objective.length > mostVolumeObjectives) return null;
  const choices = finishedChoices(view).filter(({ values }) => values.every(Number.isFinite));
  if (choices.length < 2) return null;
  const costs = choices.map((each) => costsOf(view, each));
  const ends = objective.map((_, axis) => endsOf(costs.map((each) => each[axis] ?? 0)));
  const scaled = costs.map((each) =>
    each.map((cost, axis) => share(cost, ends[axis] ?? ([0, 1] as const))),
  );
  const values = growth(scaled, Array(objective.length).fill(1));
  const named = (end: 0 | 1) =>
    Object.fromEntries(
      objective.map(({ metric, direction }, axis) => [
        metric,
        costOf(ends[axis]?.[end] ?? 0, direction),
      ]),
    );
  return {
    value: values.at(-1) ?? 0,
    reference: named(1),
    best: named(0),
    history: choices.map(({ choice }, index) => ({ choice, value: values[index] ?? 0 })),
  };
}

const endsOf = (costs: readonly number[]): readonly [best: number, worst: number] => [
  costs.reduce((least, cost) => Math.min(least, cost), Number.POSITIVE_INFINITY),
  costs.reduce((most, cost) => Math.max(most, cost), Number.NEGATIVE_INFINITY),
];

/** 0 for the best, 1 for the worst; an objective that never differs takes nothing away. */
const share = (cost: number, [best, worst]: readonly [number, number]): number =>
  worst > best ? (cost - best) / (worst - best) : 0;

/** The volume after each point; only what nothing dominates yet can add to it. */
function growth(points: readonly Objectives[], reference: Objectives): readonly number[] {
  let front: readonly Objectives[] = [];
  let sum = 0;
  return points.map((point) => {
    if (front.some((other) => dominates(other, point))) return sum;
    sum += addedVolume(point, front, reference);
    front = [...front.filter((other) => !dominates(point, other)), point];
    return sum;
  });
}
