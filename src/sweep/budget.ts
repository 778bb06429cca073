/** @file Whether a sweep has had enough: epochs spent, or a target reached. */
import { directionOf, headRecords } from '../objective.ts';
import type { ResolvedSpec } from '../spec/schema/experiment.ts';
import { meets } from './objectives.ts';
import type { SweepTrial } from './sweep-state.ts';

/** Why no more joint trials begin, in words; null while there is budget left. */
export function spentBudget(spec: ResolvedSpec, trials: Iterable<SweepTrial>): string | null {
  const { epochs, target } = spec.sweep.budget;
  const hasTarget = Object.keys(target).length > 0;
  if (epochs === undefined && !hasTarget) return null;
  const joint = [...trials].filter(({ trial }) => trial.control === null);
  const spent = joint.reduce((sum, each) => sum + each.epochs.length, 0);
  if (epochs !== undefined && spent >= epochs) {
    return `the budget of ${epochs} epochs is spent: ${spent} were trained`;
  }
  const reached = hasTarget ? firstReaching(spec, joint) : undefined;
  return reached ? `the target is reached by trial ${numbersOf(reached)}` : null;
}

/**
 * Where the budget is spent, no joint trial begins, and controls only of choices that have begun: a
 * task alone would be tuned over more choices than all of them jointly.
 */
export function wantedWhere(
  spent: string | null,
  trials: Iterable<SweepTrial>,
): (trial: SweepTrial) => boolean {
  if (spent === null) return () => true;
  const joint = [...trials].filter(({ trial }) => trial.control === null);
  const begun = joint.filter(({ stage, epochs }) => stage !== 'waiting' || epochs.length > 0);
  const choices = new Set(begun.map(({ index }) => index));
  return ({ trial, index }) => trial.control !== null && choices.has(index);
}

const numbersOf = (trials: readonly SweepTrial[]) => trials.map(({ number }) => number).join(', ');

/** A choice all of whose replicates have finished, good enough in the mean. */
function firstReaching(
  spec: ResolvedSpec,
  joint: readonly SweepTrial[],
): readonly SweepTrial[] | undefined {
  const heads = headRecords(spec);
  const { target } = spec.sweep.budget;
  return [...byChoice(joint).values()].find(
    (each) =>
      each.every(({ stage }) => stage === 'finished') &&
      meets(target, meansOf(each), (metric) => directionOf(heads, metric)),
  );
}

function byChoice(trials: readonly SweepTrial[]): ReadonlyMap<string, readonly SweepTrial[]> {
  const choices = new Map<string, SweepTrial[]>();
  for (const each of trials) {
    const own = choices.get(each.trial.choice);
    if (own) own.push(each);
    else choices.set(each.trial.choice, [each]);
  }
  return choices;
}

function meansOf(trials: readonly SweepTrial[]): Readonly<Record<string, number>> {
  const names = Object.keys(trials[0]?.metrics ?? {});
  const sum = (name: string) =>
    trials.reduce((total, { metrics }) => total + (metrics?.[name] ?? Number.NaN), 0);
  return Object.fromEntries(names.map((name) => [name, sum(name) / trials.length]));
}
