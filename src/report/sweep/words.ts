/** @file What a sweep came to, in sentences: the rule of ranking, the model that is kept, the front. */
import { bestTrial, rankedJoint } from '../choices.ts';
import { formatParameter, formatValue, shortNames } from '../format.ts';
import type { RunView } from '../read-run.ts';
import { finishedChoices } from './finished.ts';
import { hypervolumeHistory, mostVolumeObjectives, paretoFront } from './pareto.ts';

/** `maximize ill/auc, minimize stay/mae` */
export const objectiveText = ({ objective }: RunView): string =>
  objective.map(({ metric, direction }) => `${direction} ${shortMetric(metric)}`).join(', ');

export const shortMetric = (metric: string): string => metric.replace(/^validation\//, '');

/** Which model is kept and why it is that one; null while no joint trial has finished. */
export function keptText(view: RunView): string | null {
  const [best] = rankedJoint(view);
  const number = bestTrial(view);
  if (!best || number === undefined) return null;
  const [first] = view.objective;
  const { finished } = best;
  const rule =
    view.objective.length > 1
      ? `its choice has the least mean rank over the objectives (${objectiveText(view)})`
      : `its choice is the best (${objectiveText(view)})`;
  const among =
    finished.length > 1
      ? `, and of its ${finished.length} replicates it is the best on ${shortMetric(first?.metric ?? '')}`
      : '';
  return `The model to keep is trial ${number}${choiceText(best.parameters)}: ${rule}${among}.`;
}

function choiceText(parameters: Readonly<Record<string, unknown>>): string {
  const names = shortNames(Object.keys(parameters));
  const parts = Object.entries(parameters).map(
    ([path, value]) => `${names.get(path) ?? path} ${formatParameter(value)}`,
  );
  return parts.length > 0 ? ` (${parts.join(', ')})` : '';
}

/** The front of several objectives and its volume; null for one objective or a single choice. */
export function frontText(view: RunView): string | null {
  const count = finishedChoices(view).length;
  if (view.objective.length < 2 || count < 2) return null;
  const front = paretoFront(view).length;
  const volume = hypervolumeHistory(view);
  const what = `${front} of ${count} choices ${front === 1 ? 'is' : 'are'} on the Pareto front: no other choice is at least as good on every objective and better on one.`;
  if (volume) {
    const from = Object.entries(volume.reference).map(
      ([metric, value]) => `${shortMetric(metric)} ${formatValue(value)}`,
    );
    return `${what} Its hypervolume is ${formatValue(volume.value)} of the box from the worst values seen (${from.join(', ')}) to the best.`;
  }
  return view.objective.length > mostVolumeObjectives
    ? `${what} No hypervolume is computed for more than ${mostVolumeObjectives} objectives.`
    : what;
}

/** The choices to be marked: those on the front, where there is a choice between several. */
export function markedChoices(view: RunView): ReadonlySet<string> {
  if (frontText(view) === null) return new Set();
  return new Set(paretoFront(view).map(({ choice }) => choice));
}
