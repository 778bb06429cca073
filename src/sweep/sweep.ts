/** @file A sweep while it runs: which trial comes next, from its choices, its budget and its pruners. */
import type { Planner } from '../experiment-plan.ts';
import { objectiveOf } from '../objective.ts';
import { type PlannedTrial, type SamplerKind, samplers } from '../plan/index.ts';
import type { ChoiceRecord, JournalRecord } from '../record/index.ts';
import { chosen, findKind } from '../spec/kind.ts';
import type { ResolvedSpec } from '../spec/schema/experiment.ts';
import type { Point } from '../spec/space/search-space.ts';
import { spentBudget, wantedWhere } from './budget.ts';
import { type Choices, createChoices } from './choices.ts';
import { allPoints, manyRepetitions, maximalChoices, proposePoint, sweepKey } from './proposer.ts';
import { createPruning, type Pruning } from './pruning.ts';
import {
  createSweepState,
  hasEnded,
  reopen,
  type SweepState,
  type SweepTrial,
} from './sweep-state.ts';

/** What a step of the sweep came to. */
export type Next =
  /** It counts as running from now on. */
  | { readonly type: 'train'; readonly trial: SweepTrial }
  /** New trials, to be recorded before anything else. */
  | {
      readonly type: 'proposed';
      readonly trials: readonly SweepTrial[];
      readonly choice: Omit<ChoiceRecord, 'time'>;
    }
  /** A waiting trial that a pruner has decided against, to be recorded. */
  | { readonly type: 'prune'; readonly trial: SweepTrial; readonly reason: string }
  /** What runs has to end first. */
  | { readonly type: 'wait' }
  /** With the budget that ended it, if one did. */
  | { readonly type: 'done'; readonly reason: string | null };

export interface SweepInput {
  readonly spec: ResolvedSpec;
  readonly planner: Planner;
  readonly engineFamily: string;
  /** Of this run, up to now: proposals and decisions in them are kept. */
  readonly records: readonly JournalRecord[];
  /** The number of a trial, a new one where it has none. */
  readonly numberOf: (trial: PlannedTrial) => number;
}

export interface Sweep extends SweepInput {
  readonly key: string;
  readonly state: SweepState;
  readonly choices: Choices;
  readonly pruning: Pruning;
  readonly sampler: SamplerKind;
  readonly objectives: number;
  /** Different choices that there may be. */
  readonly most: number;
  /** How many more a grid has. */
  readonly beyondBudget: number;
  /** Whether choices are made while the sweep runs, rather than all at its beginning. */
  readonly isOpen: boolean;
}

/** Goes on where the records end. */
export async function openSweep(input: SweepInput): Promise<Sweep> {
  const { spec, planner, records } = input;
  const objective = objectiveOf(spec);
  const sampler: SamplerKind = findKind(samplers, chosen(spec.sweep.method).name);
  const most = maximalChoices(spec);
  const pruning = createPruning(spec, () => state);
  const state = createSweepState(objective, pruning.key);
  const isOpen = !sampler.ends && (sampler.usesHistory || mayEndEarly(spec));
  const objectives = objective.length;
  const asked = { spec, sampler, space: planner.space, objectives };
  const all = isOpen ? [] : allPoints(asked, sampler.ends ? Number.POSITIVE_INFINITY : most);
  const sweep: Sweep = {
    ...input,
    key: sweepKey(spec, objective.length, input.engineFamily),
    state,
    choices: createChoices(),
    pruning,
    sampler,
    objectives,
    most,
    beyondBudget: Math.max(0, all.length - most),
    isOpen,
  };
  await addChoices(sweep, isOpen ? recordedPoints(records, sweep.key) : all.slice(0, most));
  for (const record of records) state.apply(record);
  reopen(state);
  sweep.choices.sortBy(records);
  return sweep;
}

/** Joint trials and controls that there will be at most. */
export function mostTrials({ isOpen, most, spec, state }: Sweep): number {
  if (!isOpen) return state.trials.size;
  const heads = Object.keys(spec.heads).length;
  const controls = spec.baselines === 'singleTask' && heads > 1 ? heads : 0;
  return most * spec.sweep.replicates * (1 + controls);
}

/** Whether a budget may end it that shows while it runs only. */
function mayEndEarly({ sweep: { budget } }: ResolvedSpec): boolean {
  const { trials, epochs, minutes, target } = budget;
  const isUncounted = trials === undefined && minutes !== undefined;
  return epochs !== undefined || Object.keys(target).length > 0 || isUncounted;
}

/** How many trials, for each worker, are handed over at once: what waits can still be dropped. */
export function aheadOf({ isOpen, pruning, spec }: Sweep): number {
  if (isOpen || mayEndEarly(spec)) return 1;
  return pruning.waitsFor === 'none' ? Number.POSITIVE_INFINITY : 2;
}

/** Follows what is recorded. */
export function applyRecord({ state, choices }: Sweep, record: JournalRecord): void {
  state.apply(record);
  if ('number' in record) choices.note(record.number);
}

/** After an epoch of a running trial: a reason to stop it, or null. */
export function reasonToStop({ state, pruning }: Sweep, number: number): string | null {
  const trial = state.trials.get(number);
  return trial?.stage === 'running' ? pruning.stopTrial(trial) : null;
}

/** Joint trials first, then new choices, then controls: they cost nothing that others wait for. */
export async function nextOf(sweep: Sweep): Promise<Next> {
  const trials = sweep.state.trials;
  const spent = spentBudget(sweep.spec, trials.values());
  const isWanted = wantedWhere(spent, trials.values());
  const isControl = ({ trial }: SweepTrial) => trial.control !== null;
  const joint = firstReady(sweep, (each) => !isControl(each) && isWanted(each));
  const proposed = joint ?? (spent === null ? await propose(sweep) : null);
  const next = proposed ?? firstReady(sweep, (each) => isControl(each) && isWanted(each));
  if (next) return next;
  const isBusy = [...trials.values()].some(({ stage }) => stage === 'running');
  return isBusy ? { type: 'wait' } : { type: 'done', reason: spent };
}

async function propose(sweep: Sweep): Promise<Next | null> {
  const { spec, sampler, objectives, choices, isOpen, most, key, state } = sweep;
  const index = choices.count();
  if (!isOpen || choices.differentCount() >= most || choices.repetitions() >= manyRepetitions) {
    return null;
  }
  const [history, pending] = sampler.usesHistory
    ? [choices.observations(), choices.pending()]
    : [[], []];
  const { space } = sweep.planner;
  const point = proposePoint({ spec, sampler, space, objectives, index, history, pending });
  if (!point) return null;
  const before = state.trials.size;
  const numbers = (await addChoices(sweep, [point])).map(({ number }) => number);
  const trials = [...state.trials.values()].slice(before);
  return {
    type: 'proposed',
    trials,
    choice: { type: 'choice', sweep: key, index, point, trials: numbers },
  };
}

async function addChoices(sweep: Sweep, points: readonly Point[]): Promise<readonly SweepTrial[]> {
  const { planner, state, choices, numberOf } = sweep;
  const proposed = points.map((point) => planner.space.choiceAt(point));
  const first = choices.count();
  const indices = new Map(proposed.map(({ spec }, at) => [spec, first + at]));
  const planned = await planner.plan(proposed);
  const trials = planned.map(
    (trial) =>
      state.byId(trial.id) ??
      state.add(numberOf(trial), trial, indices.get(trial.choiceSpec) ?? first),
  );
  // Two points of equal values, as of a category listed twice, are one choice.
  const joint = new Map<number, SweepTrial[]>();
  for (const [at, { trial }] of planned.map((each, place) => [place, { trial: each }] as const)) {
    const owner = indices.get(trial.choiceSpec) ?? first;
    const own = trials[at];
    if (own && trial.control === null) joint.set(owner, [...(joint.get(owner) ?? []), own]);
  }
  for (const [at, point] of points.entries()) choices.add(point, joint.get(first + at) ?? []);
  return trials;
}

function firstReady(
  { state, pruning, isOpen }: Sweep,
  isWanted: (trial: SweepTrial) => boolean,
): Next | null {
  const { waitsFor } = pruning;
  // Where a pruner compares, it sees the first replicates of all choices first.
  const byReplicate = waitsFor !== 'none' && !isOpen;
  let first: SweepTrial | undefined;
  for (const each of state.trials.values()) {
    if (each.stage !== 'waiting' || !isWanted(each) || !isReady(state, each, waitsFor)) continue;
    if (!first || each.trial.replicate < first.trial.replicate) first = each;
    if (!byReplicate || first.trial.replicate === 0) break;
  }
  if (!first) return null;
  const reason = reasonAgainst(state, pruning, first);
  if (reason) return { type: 'prune', trial: first, reason };
  first.stage = 'running';
  return { type: 'train', trial: first };
}

/** Whether the replicates before it have ended that a pruner wants to see. */
function isReady(
  state: SweepState,
  { trial: { choice, replicate } }: SweepTrial,
  waitsFor: Pruning['waitsFor'],
): boolean {
  if (waitsFor === 'none' || replicate === 0) return true;
  const last = waitsFor === 'first' ? 1 : replicate;
  return state.siblings(choice).every((other) => other.trial.replicate >= last || hasEnded(other));
}

function reasonAgainst(state: SweepState, pruning: Pruning, trial: SweepTrial): string | null {
  // A crash may have come between its last epoch and the decision on it.
  if (trial.trial.replicate === 0) return trial.epochs.length > 0 ? pruning.stopTrial(trial) : null;
  const before = state
    .siblings(trial.trial.choice)
    .find(
      ({ stage, trial: { replicate } }) => stage === 'pruned' && replicate < trial.trial.replicate,
    );
  if (before) return `its replicate ${before.trial.replicate + 1} was stopped`;
  return pruning.dropChoice(trial);
}

function recordedPoints(records: readonly JournalRecord[], key: string): readonly Point[] {
  const points: Point[] = [];
  for (const record of records) {
    if (record.type === 'choice' && record.sweep === key) points[record.index] = record.point;
  }
  // One that was lost, with those after it, is made anew.
  const lost = Array.from(points).findIndex((point) => !point);
  return lost < 0 ? points : points.slice(0, lost);
}
