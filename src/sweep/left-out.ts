/** @file What the budgets of a sweep kept from being trained: not wanted, and so not interrupted. */
import type { LeftOutRecord } from '../record/index.ts';
import { spentBudget, wantedWhere } from './budget.ts';
import type { Sweep } from './sweep.ts';

/** At the end of an execution; `timeOver`: the budget of minutes, in words, where it ended it. */
export function leftOutOf(sweep: Sweep, timeOver: string | null): readonly LeftOutRecord[] {
  const { spec, state, beyondBudget } = sweep;
  const { trials: most } = spec.sweep.budget;
  const waiting = [...state.trials.values()].filter(({ stage }) => stage === 'waiting');
  const spent = spentBudget(spec, state.trials.values());
  const isWanted = wantedWhere(spent, state.trials.values());
  const left = [
    [spent, waiting.filter((each) => !isWanted(each))],
    [timeOver, waiting.filter(isWanted)],
  ] as const;
  return [
    ...(beyondBudget > 0
      ? [{ reason: `the budget is for ${most} trials`, choices: beyondBudget }]
      : []),
    ...left.flatMap(([reason, those]) =>
      reason === null || those.length === 0
        ? []
        : [{ reason, trials: those.map(({ number }) => number) }],
    ),
  ];
}
