/** @file What a sampler is told of the choices that have ended: means over their replicates. */
import type { Observation } from '../plan/index.ts';
import type { Point } from '../spec/space/search-space.ts';
import { toMinimize } from './objectives.ts';
import { hasEnded, type SweepTrial } from './sweep-state.ts';

/** The observation of a choice whose joint trials have all ended; undefined before. */
export function observe(point: Point, trials: readonly SweepTrial[]): Observation | undefined {
  if (trials.length === 0 || !trials.every(hasEnded)) return undefined;
  const finished = trials.filter(({ stage }) => stage === 'finished');
  if (finished.length > 0)
    return { point, values: definedMeans(finished.map(finalValues)), progress: 1 };
  const pruned = trials.filter(({ stage, epochs }) => stage === 'pruned' && epochs.length > 0);
  if (pruned.length === 0) return { point, values: null, progress: 1 };
  const [first] = pruned;
  const progress = Math.min(
    1,
    (first?.epochs.length ?? 0) / (first?.trial.spec.training.epochs ?? 1),
  );
  return { point, values: definedMeans(pruned.map(({ epochs }) => epochs.at(-1) ?? [])), progress };
}

const finalValues = ({ objective, metrics }: SweepTrial) => toMinimize(objective, metrics ?? {});

/** Means of each objective; null where one is not a number. */
function definedMeans(rows: readonly (readonly number[])[]): readonly number[] | null {
  const means = (rows[0] ?? []).map(
    (_, objective) =>
      rows.reduce((sum, row) => sum + (row[objective] ?? Number.NaN), 0) / rows.length,
  );
  return means.every(Number.isFinite) ? means : null;
}
