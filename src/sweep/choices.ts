/** @file The choices of a sweep in the order in which they ended: what a sampler learns from. */
import type { Observation } from '../plan/index.ts';
import type { JournalRecord } from '../record/index.ts';
import type { Point } from '../spec/space/search-space.ts';
import { observe } from './history.ts';
import { hasEnded, type SweepTrial } from './sweep-state.ts';

/** A choice, and the joint trials that it asks for. */
interface ProposedChoice {
  readonly point: Point;
  readonly trials: readonly SweepTrial[];
}

export interface Choices {
  readonly count: () => number;
  /** Of those that brought trials of their own. */
  readonly differentCount: () => number;
  /** How many in a row, up to the last one, brought none. */
  readonly repetitions: () => number;
  add(point: Point, trials: readonly SweepTrial[]): void;
  /** After a record of this trial. */
  note(number: number): void;
  /** Puts those that have ended into the order of the records. */
  sortBy(records: readonly JournalRecord[]): void;
  observations(): readonly Observation[];
  /** Points whose trials have not ended. */
  pending(): readonly Point[];
}

export function createChoices(): Choices {
  const choices: ProposedChoice[] = [];
  /** Of each trial: equal choices share theirs. */
  const users = new Map<number, number[]>();
  /** With what was observed: a sweep of thousands asks for all of them before each proposal. */
  const ended = new Map<number, Observation | undefined>();
  const open = new Set<number>();
  let [different, repeated] = [0, 0];
  const part = (index: number) => choices[index] ?? { point: {}, trials: [] };
  const noteChoice = (index: number): void => {
    const { point, trials } = part(index);
    if (trials.every(hasEnded)) {
      ended.set(index, observe(point, trials));
      open.delete(index);
    } else {
      ended.delete(index);
      open.add(index);
    }
  };
  return {
    count: () => choices.length,
    differentCount: () => different,
    repetitions: () => repeated,
    add(point, trials) {
      const index = choices.push({ point, trials }) - 1;
      const isNew = trials.some(({ number }) => !users.has(number));
      different += isNew ? 1 : 0;
      repeated = isNew ? 0 : repeated + 1;
      for (const { number } of trials) users.set(number, [...(users.get(number) ?? []), index]);
      noteChoice(index);
    },
    note: (number) => users.get(number)?.forEach(noteChoice),
    sortBy(records) {
      for (const index of choices.keys()) noteChoice(index);
      const lastRecord = new Map<number, number>();
      for (const [at, record] of records.entries()) {
        if (record.type === 'finish' || record.type === 'prune') lastRecord.set(record.number, at);
      }
      const endOf = (index: number) =>
        Math.max(...part(index).trials.map(({ number }) => lastRecord.get(number) ?? 0));
      const sorted = [...ended].sort(([one], [other]) => endOf(one) - endOf(other));
      ended.clear();
      for (const [index, observation] of sorted) ended.set(index, observation);
    },
    observations: () => [...ended.values()].filter((each) => each !== undefined),
    pending: () => inOrder(open).map((index) => part(index).point),
  };
}

/** A choice that was open again stands at the end of the set. */
const inOrder = (indices: ReadonlySet<number>) => [...indices].sort((one, other) => one - other);
