/** @file A trial and its numbers in words. */
import { formatParameter, shortNames } from '../format.ts';
import type { TrialView } from '../read-run.ts';

/** `trial 12` or `trial 12: stay alone`, as MLflow calls it. */
export const trialName = ({ number, control, tasks }: TrialView): string =>
  control === null ? `trial ${number}` : `trial ${number}: ${tasks.join(', ')} alone`;

/** The swept values by their short names: `units 64`. */
export function choiceWords({ parameters }: Pick<TrialView, 'parameters'>): readonly string[] {
  const names = shortNames(Object.keys(parameters));
  return Object.entries(parameters).map(
    ([path, value]) => `${names.get(path) ?? path} ${formatParameter(value)}`,
  );
}

/** `Trial 12 · units 64 · replicate 2`, then what else there is to say. */
export function captionOf(trial: TrialView, ...more: readonly string[]): string {
  const name = trialName(trial);
  const parts = [
    name[0]?.toUpperCase() + name.slice(1),
    ...choiceWords(trial),
    `replicate ${trial.replicate + 1}`,
  ];
  return [...parts, ...more].join(' · ');
}

/** The split of its predictions: test, or validation where there is no test split. */
export const predictedSplit = ({ metrics }: Pick<TrialView, 'metrics'>): 'test' | 'validation' =>
  Object.keys(metrics).some((name) => name.startsWith('test/')) ? 'test' : 'validation';

/** `15,264` */
export const countText = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');
