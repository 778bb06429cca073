/** @file What the budgets of a sweep left out, in words. */
import type { RunView } from './read-run.ts';

/** `8 of 12 trials were left out, because the budget of 20 epochs is spent: 24 were trained. …` */
export function leftOutNotes({
  leftOut,
  trials,
}: Pick<RunView, 'leftOut' | 'trials'>): readonly string[] {
  const never = leftOut.reduce((sum, { trials: numbers = [] }) => sum + numbers.length, 0);
  const all = trials.length + never;
  return leftOut.map(({ reason, choices, trials: numbers = [] }) => {
    const what =
      choices === undefined
        ? `${numbers.length} of ${counted(all, 'trial')}`
        : `${counted(choices, 'choice')} of the grid`;
    const isOne = (choices ?? numbers.length) === 1;
    return `${what} ${isOne ? 'was' : 'were'} left out, because ${reason}. Another sweep.budget trains ${isOne ? 'it' : 'them'}.`;
  });
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
