/** @file What the trials' programs were, where it is worth a footnote. */
import type { RunView } from './read-run.ts';

const how = { xla: 'compiled by XLA', graph: 'as a plain graph', eager: 'eagerly' } as const;

/** `Trials 3 to 5 and 9 ran eagerly: tf.randomNormal in …`; nothing where all ran as they should. */
export function programNotes({ trials }: RunView): readonly string[] {
  const groups = new Map<string, number[]>();
  for (const { number, program } of trials) {
    if (!program || program.reason === null) continue;
    const text = `ran ${how[program.engine]}: ${program.reason}`;
    groups.set(text, [...(groups.get(text) ?? []), number]);
  }
  return [...groups].map(([text, numbers]) => `${trialsText(numbers)} ${text}`);
}

/** Compiling, in all: what it cost, and how many programs there were. */
export function compilingText({ trials }: RunView): string | null {
  const made = trials.flatMap(({ program }) => (program && !program.isReused ? [program] : []));
  if (made.length === 0) return null;
  const seconds = made.reduce((sum, { compileSeconds }) => sum + compileSeconds, 0);
  const kinds = new Set(made.map(({ fingerprint }) => fingerprint)).size;
  return `${kinds} program${kinds === 1 ? '' : 's'}, made in ${seconds.toFixed(1)} s by ${made.length} worker${made.length === 1 ? '' : 's'}`;
}

/** `Trials 3 to 5 and 9` */
function trialsText(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of [...numbers].sort((one, other) => one - other)) {
    const last = ranges.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  const parts = ranges.map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
  const list = [parts.slice(0, -1).join(', '), parts.at(-1)].filter(Boolean).join(' and ');
  return numbers.length === 1 ? `Trial ${list}` : `Trials ${list}`;
}
