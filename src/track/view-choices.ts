/** @file The choices that a saved view shows: all of them, or the best of each kind. */
import { choicesOf, type RankedChoice, rankChoices } from '../report/choices.ts';
import type { RunView } from '../report/index.ts';

export interface Ranked {
  readonly joint: readonly RankedChoice[];
  /** For each task that has controls. */
  readonly alone: readonly (readonly RankedChoice[])[];
}

/** Those of which a trial has finished, the best first: joint ones by the objective. */
export function rankedChoices({ trials, objective, heads }: RunView): Ranked {
  const choices = choicesOf(trials);
  const alone = Object.entries(heads).map(([head, { metrics }]) => {
    const [{ name, direction } = { name: 'loss', direction: 'minimize' as const }] = metrics;
    const own = choices.filter(({ control, tasks }) => control !== null && tasks[0] === head);
    return rankChoices(own, [{ metric: `validation/${head}/${name}`, direction }]);
  });
  return {
    joint: rankChoices(
      choices.filter(({ control }) => control === null),
      objective,
    ),
    alone: alone.filter((own) => own.length > 0),
  };
}

/** The best ones, at most so many: half of them joint ones, the others shared out among the tasks. */
export function bestChoices({ joint, alone }: Ranked, most: number): readonly RankedChoice[] {
  const half = alone.length === 0 ? most : Math.ceil(most / 2);
  const each = Math.max(1, Math.floor((most - half) / Math.max(1, alone.length)));
  return [...joint.slice(0, half), ...alone.flatMap((own) => own.slice(0, each))];
}
