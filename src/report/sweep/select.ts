/** @file Which choices of a run are listed, with which of their trials, and in what order. */
import { choicesOf, rankedJoint } from '../choices.ts';
import type { RunView } from '../read-run.ts';
import { type Condition, parseCondition } from './condition.ts';
import { findName, type ListedChoice, type Named, namesOf } from './names.ts';

/** As written on the command line. */
export interface SelectOptions {
  readonly where?: readonly string[];
  /** By rank, if nothing else is asked for. */
  readonly sort?: string;
  readonly descending: boolean;
  /** How many choices at most. */
  readonly limit?: number;
}

type Selected =
  | { readonly ok: true; readonly choices: readonly ListedChoice[] }
  | { readonly ok: false; readonly reasons: readonly string[] };

/**
 * Every condition has to hold. Those on a trial of its own (its status, number, replicate,
 * parameters, …) come first; a metric is then the mean over what is left of its choice, which is
 * what the table shows. Ranks are those of the whole run.
 */
export function selectChoices(view: RunView, options: SelectOptions): Selected {
  const { where = [], limit = Number.POSITIVE_INFINITY } = options;
  const sort = options.sort ?? (options.descending ? 'rank' : undefined);
  const names = namesOf(view);
  const parsed = where.map((text) => parseCondition(text, names));
  const sorted = sort === undefined ? null : findName(names, sort);
  const reasons = [
    ...parsed.flatMap((each) => (each.ok ? [] : [each.reason])),
    ...(sorted && !sorted.ok ? [`--sort '${sort}': ${sorted.reason}`] : []),
  ];
  if (reasons.length > 0) return { ok: false, reasons };
  const conditions = parsed.flatMap((each) => (each.ok ? [each.condition] : []));
  const listed = filtered(ranked(view), conditions);
  const order = sorted?.ok ? inOrder(listed, sorted.named, options.descending) : listed;
  return { ok: true, choices: order.slice(0, limit) };
}

/** All choices: the joint ones by rank, then what has none, in the order of the trials. */
function ranked(view: RunView): readonly ListedChoice[] {
  const ranks = new Map(rankedJoint(view).map(({ choice, rank }) => [choice, rank]));
  const choices = choicesOf(view.trials).map((each) => ({
    ...each,
    rank: each.control === null ? (ranks.get(each.choice) ?? null) : null,
  }));
  const last = Number.POSITIVE_INFINITY;
  return choices.sort((one, other) => compare(one.rank ?? last, other.rank ?? last));
}

function filtered(
  choices: readonly ListedChoice[],
  conditions: readonly Condition[],
): readonly ListedChoice[] {
  const [ofTrial, ofChoice] = (['trial', 'choice'] as const).map((scope) =>
    conditions.filter(({ named }) => named.scope === scope),
  );
  const kept = (choice: ListedChoice, asked: readonly Condition[] = []): ListedChoice => {
    const trials = choice.trials.filter((trial) =>
      asked.every(({ holds }) => holds(choice, trial)),
    );
    return { ...choice, trials, finished: trials.filter(({ status }) => status === 'finished') };
  };
  return choices
    .map((choice) => kept(kept(choice, ofTrial), ofChoice))
    .filter(({ trials }) => trials.length > 0);
}

function inOrder(
  choices: readonly ListedChoice[],
  { keyOf }: Named,
  descending: boolean,
): readonly ListedChoice[] {
  const keyed = choices.map((choice) => ({ choice, key: keyOf(choice) }));
  const isKnown = ({ key }: { key: unknown }) =>
    key !== undefined && key !== null && !Number.isNaN(key);
  const known = keyed
    .filter(isKnown)
    .sort((one, other) => (descending ? -1 : 1) * compare(one.key, other.key));
  // What has no value stands last, whichever way the others are sorted.
  return [...known, ...keyed.filter((each) => !isKnown(each))].map(({ choice }) => choice);
}

/** Numbers first and by size, then texts. */
function compare(one: unknown, other: unknown): number {
  if (typeof one === 'number' && typeof other === 'number')
    return one < other ? -1 : Number(one > other);
  if (typeof one === 'number') return -1;
  if (typeof other === 'number') return 1;
  const [left, right] = [one, other].map((value) =>
    typeof value === 'string' ? value : JSON.stringify(value),
  );
  return (left ?? '') < (right ?? '') ? -1 : Number((left ?? '') > (right ?? ''));
}
