/** @file A trial's identity: a hash of everything that its numbers depend on, and of nothing else. */
import { createHash } from 'node:crypto';
import type { ResolvedSpec } from '../spec/schema/experiment.ts';

/** Raised when a fix of ours changes the numbers of trials: older trials then count as other ones. */
export const numerics = 2;

/** The parts of a resolved spec that a trial is trained from, with the heads of its tasks only. */
export type TrialSpec = Pick<
  ResolvedSpec,
  'data' | 'shared' | 'heads' | 'weighting' | 'training' | 'seed'
>;

export interface IdentityParts {
  readonly spec: TrialSpec;
  /** Stands for the data's paths and content. */
  readonly fingerprint: string;
  /** Heads outside the trial that its split depends on (`data.split.stratify`). */
  readonly splitHeads: ResolvedSpec['heads'];
  readonly engineFamily: string;
}

/** The identity of a choice: the same for all its replicates. 16 hexadecimal digits. */
export function choiceIdentity(parts: IdentityParts): string {
  const { data, ...rest } = parts.spec;
  // Neither where the data lie nor how much of it is held at once changes a number.
  const { source: _paths, memory: _memory, ...dataWithoutPaths } = data;
  return digest({
    numerics,
    engine: parts.engineFamily,
    fingerprint: parts.fingerprint,
    data: dataWithoutPaths,
    splitTargets: Object.fromEntries(
      Object.entries(parts.splitHeads).map(([name, head]) => [name, targetOf(head)]),
    ),
    // The order of the heads is the order in which their losses are added.
    tasks: Object.keys(rest.heads),
    ...rest,
  });
}

/** The identity of a trial: a choice and its replicate. */
export function trialIdentity(choice: string, replicate: number): string {
  return digest({ choice, replicate });
}

/** What the split sees of a head: which label each row has. */
function targetOf(head: ResolvedSpec['heads'][string]): unknown {
  const { target, type, positive, classes } = head;
  return { target, type, positive, classes };
}

/** 16 hexadecimal digits of a value, whatever the order of its keys. */
export const digest = (value: unknown): string =>
  createHash('sha256').update(canonical(value)).digest('hex').slice(0, 16);

/** JSON with sorted keys, so that the order of writing does not matter. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
