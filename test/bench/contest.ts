/** @file Contestants at the same work, one after the other in every round; ratios are the claim. */
import type { Failure } from './child.ts';
import { aligned, median, ratioSpread, spread } from './statistics.ts';

/** What the figure came with: what was reached, how long compiling took, … */
export type Notes = Readonly<Record<string, unknown>>;
export type Outcome =
  | { readonly ok: true; readonly figure: number; readonly notes: Notes }
  | Failure;

export interface Contestant {
  readonly name: string;
  /** Ours is to be so many times as good. */
  readonly target?: number;
  /** Why it cannot take part here. */
  readonly lacks?: string;
  /** Once before the first round, not counted: fills its caches. */
  readonly warmUp?: () => Promise<Outcome>;
  readonly run: () => Promise<Outcome>;
}

export interface Contest {
  readonly title: string;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  /** Ours first. */
  readonly contestants: readonly Contestant[];
  /** Notes to print below the table, by their names. */
  readonly notes: readonly string[];
}

export interface Standing {
  readonly name: string;
  readonly target: number | null;
  /** One for each round; null where it failed. */
  readonly figures: readonly (number | null)[];
  /** Ours against it, round by round: above 1 where ours is better. */
  readonly ratios: readonly (number | null)[];
  readonly notes: readonly Notes[];
}
export interface ContestResult extends Pick<Contest, 'title' | 'unit' | 'better'> {
  readonly standings: readonly Standing[];
  readonly leftOut: readonly string[];
}

/** Every second round runs backwards, so that nobody is always the first on a cool machine. */
export async function holdContest(
  { title, unit, better, contestants }: Contest,
  rounds: number,
  say: (line: string) => void,
): Promise<ContestResult> {
  const leftOut = contestants.flatMap(({ name, lacks }) =>
    lacks === undefined ? [] : [`${name} is left out: ${lacks}`],
  );
  const present = contestants.filter(({ lacks }) => lacks === undefined);
  const outcomes = new Map<string, Outcome[]>(present.map(({ name }) => [name, []]));
  const short = title.split(':')[0];
  const tell = (name: string, when: string, outcome: Outcome) =>
    say(
      outcome.ok
        ? `${short}, ${when}: ${name} ${spread([outcome.figure])} ${unit}`
        : `${short}, ${when}: ${name} failed: ${outcome.reason}`,
    );
  for (const { name, warmUp } of present) if (warmUp) tell(name, 'warming up', await warmUp());
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of round % 2 === 0 ? present : [...present].reverse()) {
      const outcome = await run();
      tell(name, `round ${round + 1}`, outcome);
      outcomes.get(name)?.push(outcome);
      if (!outcome.ok) leftOut.push(`${name} failed in round ${round + 1}: ${outcome.reason}`);
    }
  }
  const of = (name: string) =>
    (outcomes.get(name) ?? []).map((outcome) => (outcome.ok ? outcome.figure : null));
  const ours = of(contestants[0]?.name ?? '');
  const standings = present.map(({ name, target }, index) => ({
    name,
    target: target ?? null,
    figures: of(name),
    ratios: index === 0 ? [] : of(name).map((other, round) => ratio(ours[round], other, better)),
    notes: (outcomes.get(name) ?? []).flatMap((outcome) => (outcome.ok ? [outcome.notes] : [])),
  }));
  return { title, unit, better, standings, leftOut };
}

function ratio(ours: number | null | undefined, other: number | null, better: Contest['better']) {
  if (ours === null || ours === undefined || other === null) return null;
  return better === 'higher' ? ours / other : other / ours;
}

const known = (values: readonly (number | null)[]) => values.filter((value) => value !== null);

export function contestTable(result: ContestResult, notes: readonly string[]): string {
  const { title, unit, standings, leftOut } = result;
  const header = ['contestant', unit, 'ours is so many times as good', 'at least', ''];
  const rows = standings.map(({ name, figures, ratios, target }, index) => [
    name,
    spread(known(figures)),
    index === 0 ? '' : ratioSpread(known(ratios)),
    target === null ? '' : String(target),
    verdict(known(ratios), target),
  ]);
  const told = standings.flatMap((standing) => noteLine(standing, notes));
  return [title, aligned([header, ...rows]), ...told, ...leftOut.map((line) => `  ${line}`)].join(
    '\n',
  );
}

/** What the last round came with. */
function noteLine({ name, notes }: Standing, wanted: readonly string[]): readonly string[] {
  const last = notes.at(-1) ?? {};
  const parts = wanted
    .filter((note) => last[note] !== undefined && last[note] !== null)
    .map((note) => `${note} ${worded(last[note])}`);
  return parts.length === 0 ? [] : [`  ${name}: ${parts.join(', ')}`];
}

const worded = (value: unknown) =>
  typeof value === 'number'
    ? spread([value])
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);

function verdict(ratios: readonly number[], target: number | null): string {
  if (target === null || ratios.length === 0) return '';
  return median(ratios) >= target ? 'reached' : 'NOT REACHED';
}
